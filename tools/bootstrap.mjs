// What a fresh clone lacks, made in plain Node without dependencies: the packages, the generated database clients, the
// built apps. Each is stamped with a hash of what it is made from, so that nothing is made twice.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROVIDERS } from './build-schema.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const cache = join(root, 'node_modules/.cache/mulin')

/** What each app is built from. */
const PHONE = [
  'miniprogram',
  'shared',
  'config',
  'babel.config.cjs',
  'tools/build.mjs',
  'tools/tokens.mjs',
  'package-lock.json',
]
const SOURCES = { h5: PHONE, weapp: PHONE, admin: ['admin', 'shared', 'tools/build.mjs', 'package-lock.json'] }
/** What a build of the phone app writes among its own sources, made from the others: no source. */
const WRITTEN = ['miniprogram/src/components/pictures.css']

/** Packages and generated clients: everything TypeScript needs to run. */
export function bootstrap() {
  assertNode()
  if (!isInstalled()) {
    say('Installing packages (about a minute, the first time only)')
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  }
  if (isStale('clients', clientSources(), 'server/generated/postgresql/client.ts')) {
    say('Generating the database clients')
    const done = begin('clients', clientSources())
    for (const provider of PROVIDERS) {
      const DATABASE_URL = provider === 'sqlite' ? 'file:./data/mulin.db' : 'postgresql://localhost/mulin'
      runQuietly(process.execPath, ['tools/prisma.mjs', 'generate'], { DATABASE_URL })
    }
    done()
  }
}

/** Builds an app unless it is already built from exactly these sources. */
export function buildIfStale(target) {
  if (!isStale(target, SOURCES[target], `dist/${target}`)) return
  say(`Building ${target}`)
  run(process.execPath, ['tools/build.mjs', target])
}

/** To be called when the build of an app begins; answers what is to be called when it is done. */
export const beginBuild = (target) => begin(target, SOURCES[target])

/** Runs a TypeScript file of ours in this very process: its signals and its exit code are ours. */
export async function runTypeScript(file) {
  process.chdir(root)
  const { register } = await import('tsx/esm/api')
  register()
  await import(`../${file}`)
}

function assertNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Mulin needs Node 20.19 or newer; this is ${process.versions.node}`)
  process.exit(1)
}

/** Whether node_modules holds what the lock file asks for; what this platform leaves out is optional there. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages
  const here = packagesIn(installed)
  return Object.entries(packagesIn(join(root, 'package-lock.json'))).every(
    ([path, { version, optional, peer }]) =>
      path === '' || here[path]?.version === version || (!here[path] && (optional || peer)),
  )
}

const clientSources = () => ['prisma/models', 'tools/build-schema.mjs', 'node_modules/prisma/package.json']

const stampOf = (name) => join(cache, `${name}.sha256`)

function isStale(name, sources, result) {
  if (!existsSync(join(root, result)) || !existsSync(stampOf(name))) return true
  return readFileSync(stampOf(name), 'utf8') !== hashOf(sources)
}

/** The stamp is of the sources as they were at the beginning, and there is none while the work is only half done. */
function begin(name, sources) {
  const hash = hashOf(sources)
  rmSync(stampOf(name), { force: true })
  return () => {
    mkdirSync(cache, { recursive: true })
    writeFileSync(stampOf(name), hash)
  }
}

/** One hash of all these files and folders, and of what else makes a difference. */
export function hashOf(sources, more = process.env.API_BASE ?? '') {
  const hash = createHash('sha256').update(more)
  const files = sources.flatMap(filesIn).filter((file) => !WRITTEN.includes(file))
  for (const file of files.sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesIn(source) {
  const path = join(root, source)
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [source]
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesIn(`${source}/${entry.name}`))
}

function run(command, args) {
  // what is said here goes to stderr: stdout belongs to the command that was asked for
  const stdio = ['ignore', process.stderr, process.stderr]
  exitUnlessDone(
    spawnSync(command, args, { cwd: root, stdio, shell: process.platform === 'win32' && command === 'npm' }),
  )
}

function runQuietly(command, args, env) {
  exitUnlessDone(spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } }))
}

function exitUnlessDone({ status, error, stdout, stderr }) {
  if (status === 0) return
  console.error(error?.message ?? `${stdout ?? ''}${stderr ?? ''}`)
  process.exit(status || 1)
}

function say(line) {
  console.error(`· ${line}`)
}
