// Answers with what it was asked, so that a test sees what the edge hands on.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({ url: request.url, headers: request.headers, pad: 'x'.repeat(2000) }),
  )
}).listen(8000)
