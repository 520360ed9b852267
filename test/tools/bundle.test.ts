import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bundleServer } from '../../tools/bundle.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('a bundle is made once of what its sources say, knows where they are, and another is made when they say something else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-bundle-'))
  const [entry, beside] = [join(folder, 'entry.ts'), join(folder, 'beside.ts')]
  const made: string[] = []
  onTestFinished(() => {
    for (const path of [folder, ...made.map((file) => join(file, '..'))]) rmSync(path, { recursive: true, force: true })
  })
  const bundle = async () => {
    const file = await bundleServer(relative(root, entry), relative(root, folder))
    made.push(file)
    return file
  }
  const say = (word: string) => writeFileSync(beside, `export const word: string = '${word}'\n`)
  writeFileSync(entry, `export { word } from './beside'\nexport const where: string = import.meta.url\n`)
  say('one')

  const [first, twin] = await Promise.all([bundle(), bundle()])
  expect(twin).toBe(first)
  expect(await import(first)).toMatchObject({ word: 'one', where: pathToFileURL(entry).href })
  say('two')
  const second = await bundle()
  expect(second).not.toBe(first)
  expect(await import(second)).toMatchObject({ word: 'two' })
  say('one')
  expect(await bundle()).toBe(first)
})
