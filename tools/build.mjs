#!/usr/bin/env node
// `node tools/build.mjs <h5|weapp|admin>` builds one app into dist/ and says how big it is; too big is a failed build.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beginBuild, root } from './bootstrap.mjs'
import { writeShell } from './shell.mjs'

const require = createRequire(import.meta.url)
const taro = (type) => [join(dirname(require.resolve('@tarojs/cli/package.json')), 'bin/taro'), 'build', '--type', type]
const vite = [
  join(dirname(require.resolve('vite/package.json')), 'bin/vite.js'),
  'build',
  'admin',
  '--logLevel',
  'warn',
]

const TARGETS = {
  h5: { command: taro('h5'), proof: 'index.html', size: firstPage, limitKilobytes: 250 },
  weapp: { command: taro('weapp'), proof: 'app.json', size: mainPackage, limitKilobytes: 700 },
  admin: { command: vite, proof: 'index.html', size: firstLoad },
}

/** What a sub-package may weigh: it is fetched when somebody first opens a page of it. */
const APART_KILOBYTES = 100

const target = process.argv[2]
if (!Object.hasOwn(TARGETS, target ?? '')) {
  console.error(`Build what? One of: ${Object.keys(TARGETS).join(', ')}`)
  process.exit(2)
}

function build(name, { command, proof, size, limitKilobytes }) {
  const folder = join(root, 'dist', name)
  const done = beginBuild(name)
  rmSync(folder, { recursive: true, force: true })
  const env = { ...process.env, NODE_ENV: 'production', BROWSERSLIST_IGNORE_OLD_DATA: '1' }
  const { status, signal } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit', env })
  // Taro ends well even when it fails: what counts is what it left behind
  if (status !== 0 || !existsSync(join(folder, proof)))
    fail(`The build of ${name} failed: ${signal ?? `exit code ${status}`}`)
  if (name === 'h5') writeShell(join(root, 'miniprogram/service-worker.js'), folder)
  const { what, bytes } = size(folder)
  const kilobytes = Math.ceil(bytes / 1024)
  const limit = limitKilobytes ? ` (limit ${limitKilobytes} KB)` : ''
  console.log(`${name}: ${what} ${kilobytes} KB${limit}`)
  if (limitKilobytes && kilobytes > limitKilobytes) fail(`${name} is too big`)
  done()
}

/** What a browser waits for: the page with the scripts and styles it names, as sent with gzip. */
function firstLoad(folder) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="([^"]+[.](?:js|css))"/g)].map(([, path]) =>
    path.replace(/^[/](admin[/])?/, ''),
  )
  return { what: 'first load, gzipped', bytes: gzipped(folder, ['index.html', ...new Set(named)]) }
}

/** What the first page takes is limited; what all of them take, short of the reader of codes where there is no camera API, is said. */
function firstPage(folder) {
  const files = readdirSync(folder, { recursive: true }).map(String)
  const counted = files.filter((file) => /[.](html|js|css)$/.test(file) && !/decoder/.test(file))
  const all = Math.ceil(gzipped(folder, counted) / 1024)
  return { what: `with every page ${all} KB gzipped, first load`, bytes: firstLoad(folder).bytes }
}

const gzipped = (folder, files) =>
  files.reduce((bytes, file) => bytes + gzipSync(readFileSync(join(folder, file))).length, 0)

/** What WeChat counts as the main package: all files outside the sub-packages, each of which is said and limited too. */
function mainPackage(folder) {
  const { subPackages = [] } = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8'))
  const files = readdirSync(folder, { recursive: true }).map((file) => join(folder, String(file)))
  const counted = files.filter((file) => !file.endsWith('.map'))
  const bytesOf = (taken) =>
    counted
      .filter(taken)
      .map((file) => statSync(file))
      .reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0)
  const isIn = (path) => (file) => file.startsWith(join(folder, path, '/'))
  const apart = subPackages.map(({ root: path }) => ({ path, kilobytes: Math.ceil(bytesOf(isIn(path)) / 1024) }))
  for (const { path, kilobytes } of apart) if (kilobytes > APART_KILOBYTES) fail(`weapp: ${path} is too big`)
  const said = apart.map(({ path, kilobytes }) => `${path} ${kilobytes} KB`).join(', ')
  return {
    what: `sub-packages ${said}; main package`,
    bytes: bytesOf((file) => !apart.some(({ path }) => isIn(path)(file))),
  }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

build(target, TARGETS[target])
