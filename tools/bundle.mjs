// A server as one file beside its packages: TypeScript is read once, when it changed, and not whenever a process begins. What it is
// made of is in the name of its folder, so that no process gets one of other sources, nor half of one.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cache, hashOf, root } from './bootstrap.mjs'

/** What any server of ours is made of. */
const SOURCES = ['server', 'shared', 'tools/bundle.mjs', 'tsconfig.json', 'package-lock.json']
const FOLDER = join(cache, 'servers')
/** A server reads a part of it when that is first asked for: what is younger may still be at work. */
const KEPT_MS = 90 * 86_400_000

/** A source that asks where it is gets the place of the source, not of the bundle. */
export const whereItWas = (filter) => ({
  name: 'whereItWas',
  setup: ({ onLoad }) =>
    onLoad({ filter }, ({ path }) => {
      const contents = readFileSync(path, 'utf8')
      if (!contents.includes('import.meta.url')) return undefined
      const place = JSON.stringify(pathToFileURL(path).href)
      return { contents: contents.replaceAll('import.meta.url', place), loader: path.endsWith('.ts') ? 'ts' : 'js' }
    }),
})

/** esbuild comes with tsx, which runs the same sources with it. */
export const esbuild = () => createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild')

/** Bundles `server/main.ts`, or another entry with what it needs beside the server, unless it is there; answers where it is. */
export async function bundleServer(entry = 'server/main.ts', ...more) {
  const name = entry.replaceAll('/', '-').replace(/\.ts$/, '')
  const folder = join(FOLDER, `${name}-${hashOf([...SOURCES, ...more], root).slice(0, 16)}`)
  const file = join(folder, basename(entry).replace(/\.ts$/, '.mjs'))
  if (!existsSync(file)) await makeWhole(folder, entry)
  return file
}

/** Two may make it at the same time: each makes one of its own, and the first gives it the name. */
async function makeWhole(folder, entry) {
  mkdirSync(FOLDER, { recursive: true })
  for (const old of readdirSync(FOLDER).map((one) => join(FOLDER, one)))
    if (Date.now() - statSync(old).mtimeMs > KEPT_MS) rmSync(old, { recursive: true, force: true })
  const made = mkdtempSync(`${folder}-`)
  await esbuild().build({
    absWorkingDir: root,
    entryPoints: [entry],
    ...{ bundle: true, splitting: true, packages: 'external', outdir: made, outExtension: { '.js': '.mjs' } },
    ...{ platform: 'node', format: 'esm', target: 'node20', plugins: [whereItWas(/\.ts$/)], logLevel: 'error' },
    // a stack names the lines that were written; their texts are where they were
    ...{ sourcemap: true, sourcesContent: false },
  })
  try {
    renameSync(made, folder)
  } catch (error) {
    rmSync(made, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}
