// The server as one file beside its packages: a process begins in half the time, since TypeScript is not read piece by piece.
// For whoever starts it a thousand times (test/flows/crash.test.ts).
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cache, root } from './bootstrap.mjs'

/** esbuild comes with tsx, which runs the same sources with it. */
const { build } = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild')

/** A source that asks where it is gets the place of the source, not of the bundle. */
const whereItWas = {
  name: 'whereItWas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8')
      if (!contents.includes('import.meta.url')) return undefined
      return {
        contents: contents.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
        loader: 'ts',
      }
    }),
}

/** Bundles server/main.ts and answers where it is. */
export async function bundleServer() {
  const outdir = join(cache, 'server')
  await build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    ...{ bundle: true, splitting: true, packages: 'external', outdir, outExtension: { '.js': '.mjs' } },
    ...{ platform: 'node', format: 'esm', target: 'node20', plugins: [whereItWas], logLevel: 'error' },
  })
  return join(outdir, 'main.mjs')
}
