// The files of an archive, read side by side: what belongs to a leaf is in the order of the leaves.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AskedRow, DecidedRow } from '../ledger/restore'
import { FORMAT, type Manifest } from './export'

/** What an archive was found to be, or that it was refused: nothing is written then. */
export class BadArchive extends Error {}

export function readManifest(folder: string): Manifest {
  const file = join(folder, 'manifest.json')
  const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : null
  if (manifest?.format !== FORMAT) throw new BadArchive(`this is no ${FORMAT}`)
  return manifest
}

/** Reads every file once and compares it with the manifest. */
export async function checkFiles(folder: string, manifest: Manifest): Promise<void> {
  for (const { name, lines, sha256 } of manifest.files) {
    const hash = createHash('sha256')
    let found = 0
    for await (const chunk of createReadStream(join(folder, name)) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) found += 1
    }
    if (hash.digest('hex') !== sha256) throw new BadArchive(`${name} is not what the manifest says`)
    if (found !== lines) throw new BadArchive(`${name} has ${found} lines and should have ${lines}`)
  }
}

/** The lines of a file, a chunk in memory at a time. */
export async function* linesOf(folder: string, name: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(join(folder, name), { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') throw new BadArchive(`${name} ends in the middle of a line`)
}

export async function* rowsOf<Row>(folder: string, name: string): AsyncGenerator<Row> {
  for await (const line of linesOf(folder, `${name}.ndjson`)) yield JSON.parse(line) as Row
}

/** The short files, whole. */
export async function allOf<Row>(folder: string, name: string): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of rowsOf<Row>(folder, name)) rows.push(row)
  return rows
}

/** A file that is read as far as somebody needs it. */
export function newCursor<Row>(folder: string, name: string) {
  const rows = rowsOf<Row>(folder, name)
  let next: Promise<Row | null> | null = null
  const peek = (): Promise<Row | null> => {
    next ??= rows.next().then(({ value, done }) => (done === true ? null : (value as Row)))
    return next
  }
  /** The next row if it is the one that is looked for. */
  const take = async (isWanted: (row: Row) => boolean): Promise<Row | null> => {
    const row = await peek()
    if (row === null || !isWanted(row)) return null
    next = null
    return row
  }
  const takeAll = async (isWanted: (row: Row) => boolean): Promise<Row[]> => {
    const found: Row[] = []
    for (let row = await take(isWanted); row !== null; row = await take(isWanted)) found.push(row)
    return found
  }
  return { peek, take, takeAll }
}

/** Whole numbers come from SQLite as text. */
type Whole = number | string
export type LeafRow = {
  regionId: string
  index: Whole
  type: 'account' | 'transaction' | 'serviceRecord' | 'certificate' | 'reportHash' | 'operationLogHead'
  ref: string
  revision: Whole
  text: string
}
export type AccountRow = {
  id: string
  programmeId: string
  kind: string
  stored: boolean
  lowestMilliPoints: string | null
  openedAt: string
  closedAt: string | null
}
export type OwnerRow = {
  accountId: string
  personId: string
  programmeId: string
  identityKind: string | null
  nameSealed: string | null
  idNumberSealed: string | null
  phoneSealed: string | null
  kekId: string | null
  wrapped: string | null
}
export type OpeningRow = { id: string; salt: string | null; by: string; explanation: string }
export type UseRow = {
  lotTransactionId: string
  lotNo: Whole
  useNo: Whole
  transactionId: string
  no: Whole
  accountId: string
  milliPoints: string
  leftMilliPoints: string
}
export type RecordRow = { ref: string; revision: number; salt: string | null; elders?: string; evidence?: string }
export type RequestRow = { ref: string } & ({ kind: 'request'; row: AskedRow } | { kind: 'decision'; row: DecidedRow })
export type CheckpointRow = { regionId: string; size: number; root: string; note: string; signedAt: string }

/** The leaves with what belongs to each, one after the other. */
export async function* leavesOf(folder: string) {
  const accounts = newCursor<AccountRow>(folder, 'accounts')
  const owners = newCursor<OwnerRow>(folder, 'owners')
  const openings = newCursor<OpeningRow>(folder, 'openings')
  const uses = newCursor<UseRow>(folder, 'uses')
  const records = newCursor<RecordRow>(folder, 'records')
  const requests = newCursor<RequestRow>(folder, 'requests')
  for await (const leaf of rowsOf<LeafRow>(folder, 'leaves')) {
    const { type, ref } = leaf
    yield {
      leaf,
      account: type === 'account' ? await accounts.take(({ id }) => id === ref) : null,
      owner: type === 'account' ? await owners.take(({ accountId }) => accountId === ref) : null,
      opening: type === 'transaction' ? await openings.take(({ id }) => id === ref) : null,
      uses: type === 'transaction' ? await uses.takeAll(({ transactionId }) => transactionId === ref) : [],
      record:
        type === 'serviceRecord'
          ? await records.take((one) => one.ref === ref && one.revision === Number(leaf.revision))
          : null,
      request: type === 'reportHash' ? await requests.take((one) => one.ref === ref) : null,
    }
  }
  for (const [name, cursor] of Object.entries({ accounts, owners, openings, uses, records, requests }))
    if ((await (cursor as { peek(): Promise<unknown> }).peek()) !== null)
      throw new BadArchive(`${name}.ndjson has a row that belongs to no leaf`)
}
export type Sealed = ReturnType<typeof leavesOf> extends AsyncGenerator<infer One> ? One : never
