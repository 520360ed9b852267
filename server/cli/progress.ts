/** A bar on the terminal; nothing where nobody looks (pipes, --json). */
export function newProgress(what: string, quiet: boolean): { step(done: number, of: number): void; end(): void } {
  const shown = !quiet && process.stderr.isTTY === true
  const width = 30
  return {
    step(done, of) {
      if (!shown) return
      const full = of === 0 ? width : Math.round((Math.min(done, of) / of) * width)
      process.stderr.write(`\r${what} ${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${of}`)
    },
    end() {
      if (shown) process.stderr.write('\n')
    },
  }
}
