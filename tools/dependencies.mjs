#!/usr/bin/env node
// What this product is made of, from the lock file alone: `sbom` writes CycloneDX 1.5, `licences` a list with every licence,
// and exits with 1 when one is not on the list of those we may ship with.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const MAY = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'CC-BY-4.0',
  'MIT-0',
  'OFL-1.1',
  'Zlib',
  'WTFPL',
  'LGPL-3.0-or-later',
  'MPL-2.0',
])

/** Packages whose lock entry doesn't say it, or says it oddly, and what was found in them. */
const LOOKED_AT = {
  'png-js@1.1.0': 'MIT', // LICENSE
  'seq-queue@0.0.5': 'MIT', // LICENSE
}
/** Known, and why it is no licence we chose: prisma studio draws with it (EPL-2.0); nothing here starts prisma studio. */
const UNCHOSEN = new Set(['elkjs@0.11.1'])

/** @returns {{ name: string, version: string, integrity: string | undefined, licence: string, unchosen: boolean, dev: boolean }[]} */
export function packages() {
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(locked)
    .filter(([path, one]) => path.startsWith('node_modules/') && !one.link)
    .map(([path, one]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const licence = LOOKED_AT[`${name}@${one.version}`] ?? one.license ?? licenceIn(join(root, path))
      const unchosen = UNCHOSEN.has(`${name}@${one.version}`)
      return { name, version: one.version, integrity: one.integrity, licence, unchosen, dev: one.dev === true }
    })
}

/** Old lock files leave it out; the package itself says it. */
function licenceIn(folder) {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return 'unknown'
  const { license, licenses } = JSON.parse(readFileSync(file, 'utf8'))
  return typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type ?? 'unknown')
}

export function sbom() {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const components = new Map(
    packages()
      .filter((one) => !one.dev)
      .map((one) => [`${one.name}@${one.version}`, componentOf(one)]),
  )
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', name, version, licenses: [{ license: { id: license } }] } },
    components: [...components.values()],
  }
}

function componentOf({ name, version, integrity, licence }) {
  const [algorithm, digest] = integrity?.split('-') ?? []
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [{ expression: licence }],
    ...(algorithm === 'sha512'
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }
      : {}),
  }
}

/** Whether one of the licences a package offers may be used: `(MIT OR GPL-2.0)` offers two, AND asks for all. */
export function mayShip(licence) {
  return licence
    .replace(/[()]/g, '')
    .split(/ OR /i)
    .some((offer) => offer.split(/ AND /i).every((one) => MAY.has(one.trim())))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'sbom') console.log(JSON.stringify(sbom(), null, 2))
  else {
    const shipped = packages().filter((one) => !one.dev)
    for (const { name, version, licence } of shipped)
      console.log(`${mayShip(licence) ? ' ' : '!'} ${licence}\t${name}@${version}`)
    const odd = shipped.filter((one) => !mayShip(one.licence) && !one.unchosen)
    console.log(`${shipped.length} packages, ${odd.length} with a licence to look at`)
    process.exit(odd.length > 0 ? 1 : 0)
  }
}
