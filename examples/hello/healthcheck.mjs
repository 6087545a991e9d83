// Run by Docker inside the container: exits 0 when the app says that it can serve.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health`, {
  signal: AbortSignal.timeout(2000),
})
if (!answer.ok) {
  console.error(`unhealthy: ${answer.status} ${await answer.text()}`)
  process.exit(1)
}
