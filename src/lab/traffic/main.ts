// The process that `startTraffic` starts: one order to begin, one to stop, one report back.
import type { FromChild, ToChild } from './traffic.ts'
import { runTraffic } from './run.ts'

let running: ReturnType<typeof runTraffic> | null = null

const tell = (message: FromChild) => process.send?.(message)

process.on('message', (message: ToChild) => {
  if ('start' in message) {
    running = runTraffic(message.start)
    tell({ started: true })
    return
  }
  void running?.stop().then((report) => tell({ report }))
})

// The parent has what it wanted, or has died.
process.on('disconnect', () => process.exit(0))
