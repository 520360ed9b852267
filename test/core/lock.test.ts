import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lockFile } from '../../server/core/lock'

function databaseFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'mulin.db')
}

test('while a process that lives holds the file, nobody else serves it; afterwards somebody may', async () => {
  const file = databaseFile()
  writeFileSync(`${file}.lock`, String(process.ppid))
  await expect(lockFile(file)).rejects.toThrow(`already served by process ${process.ppid}`)
  rmSync(`${file}.lock`)
  const release = await lockFile(file)
  expect(existsSync(`${file}.lock`)).toBe(true)
  release()
  expect(existsSync(`${file}.lock`)).toBe(false)
})

test('a lock left by a process that was killed is taken over, also when its number is ours again', async () => {
  const file = databaseFile()
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  for (const pid of [gone, process.pid]) {
    writeFileSync(`${file}.lock`, String(pid))
    ;(await lockFile(file))()
    expect(existsSync(`${file}.lock`)).toBe(false)
  }
})
