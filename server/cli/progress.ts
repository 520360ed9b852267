/** A bar on the terminal; nothing where nobody looks (pipes, --json). */
export function newProgress(what: string, quiet: boolean): { step(done: number, of: number): void; end(): void } {
  const shown = !quiet && process.stderr.isTTY === true
  const width = 30
  let percent = -1
  return {
    step(done, of) {
      if (!shown) return
      const now = of === 0 ? 100 : Math.floor((Math.min(done, of) / of) * 100)
      if (now === percent) return
      percent = now
      const full = Math.round((now / 100) * width)
      process.stderr.write(`\r${what} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${of}`)
    },
    end() {
      if (shown) process.stderr.write('\n')
    },
  }
}
