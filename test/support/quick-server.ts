// The real server in one file with its packages and with what V8 made of it: a process that is killed after a second begins in a
// third of the time. The sources are those of `npm start`; only how they are read differs.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { esbuild, whereItWas } from '../../tools/bundle.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Those that bring a binary, and what packages ask for in vain. */
const OUTSIDE = ['libsql', '@libsql/*', '@node-rs/*', 'pg-native', '@aws-sdk/client-s3']

/** Reads the file with what V8 kept of it; on SIGUSR2 it keeps what it has made so far, once. */
const READER = `
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')
const [filename, kept] = [__dirname + '/main.cjs', __dirname + '/main.cache']
const source = '(function (exports, require, module) {' + readFileSync(filename, 'utf8') + '\\n})'
const script = new Script(source, existsSync(kept) ? { filename, cachedData: readFileSync(kept) } : { filename })
process.once('SIGUSR2', () => {
  writeFileSync(kept + process.pid, script.createCachedData())
  renameSync(kept + process.pid, kept)
})
const module_ = { exports: {} }
script.runInThisContext()(module_.exports, require('node:module').createRequire(ROOT + 'package.json'), module_)
`

export type QuickServer = {
  /** what node is to run */
  file: string
  /** where what V8 made of it is kept, once a process was asked for it by SIGUSR2 */
  kept: string
}

/** Makes it anew, in a folder that goes with this process. */
export async function makeQuickServer(): Promise<QuickServer> {
  const folder = join(root, `node_modules/.cache/mulin/quick-server-${process.pid}`)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(folder, { recursive: true })
  await esbuild().build({
    ...{ absWorkingDir: root, entryPoints: ['server/main.ts'], outfile: join(folder, 'main.cjs') },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' },
    // a script that is read with what was kept of it has no import() of its own
    ...{ supported: { 'dynamic-import': false }, external: OUTSIDE, plugins: [whereItWas(/\.(ts|js|mjs)$/)] },
  })
  const file = join(folder, 'run.cjs')
  writeFileSync(file, READER.replace('ROOT', JSON.stringify(root)))
  return { file, kept: join(folder, 'main.cache') }
}

export const isKept = ({ kept }: QuickServer): boolean => existsSync(kept)

/** Lets a process that runs it keep what V8 made of it so far. */
export async function keepMade(server: QuickServer, signal: (name: 'SIGUSR2') => void): Promise<void> {
  signal('SIGUSR2')
  for (let tries = 0; tries < 1200 && !isKept(server); tries++) await new Promise((resolve) => setTimeout(resolve, 50))
}
