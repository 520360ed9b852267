import { dayOf } from '../../shared/core/time'
import { REGION_KINDS } from '../../shared/region/kinds'
import type { Db, Tx } from '../core/db'
import { newId } from '../core/ids'
import type { RegionNode } from './division'
import { countyOf, lockTree, nextNumber, versionRow } from './tree'

export type ImportCount = { added: number; kept: number }

/** Rows per statement: far below what either database takes as parameters. */
const CHUNK = 500

/**
 * Adds the regions of a tree that aren't there yet, by code, parents before children. Those that are stay as the staff keep
 * them, so it may be repeated and may overlap. All in one commit.
 *
 * @param nodes parents before their children
 * @param onProgress is told how many of how many are done
 */
export async function importRegions(
  db: Db,
  nodes: readonly RegionNode[],
  at: Date,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<ImportCount> {
  return db.$transaction(
    async (tx) => {
      await addKinds(tx)
      await lockTree(tx)
      const missing = await planOf(tx, nodes, at)
      for (let from = 0; from < missing.length; from += CHUNK) {
        const chunk = missing.slice(from, from + CHUNK)
        await tx.region.createMany({ data: chunk })
        await tx.regionVersion.createMany({
          data: chunk.map((one) => versionRow(one.id, one, one.validFrom, null, at)),
        })
        onProgress(nodes.length - missing.length + from + chunk.length, nodes.length)
      }
      return { added: missing.length, kept: nodes.length - missing.length }
    },
    { timeout: 600_000 },
  )
}

/** The kinds a database is born with; those it has stay as they are. */
export async function addKinds(tx: Tx): Promise<void> {
  const known = await tx.regionKind.findMany()
  await tx.regionKind.createMany({ data: REGION_KINDS.filter((one) => !known.some(({ code }) => code === one.code)) })
}

type Row = Parameters<Tx['region']['create']>[0]['data'] & {
  id: string
  code: string
  name: string
  fullName: string
  kind: string
  parentId: string | null
  path: string
  countyId: string | null
  validFrom: string
}

async function planOf(tx: Tx, nodes: readonly RegionNode[], at: Date): Promise<Row[]> {
  const levels = new Map((await tx.regionKind.findMany()).map((one) => [one.code, one.level]))
  const known = await tx.region.findMany({
    where: { validTo: null },
    select: { id: true, code: true, path: true, countyId: true },
  })
  const byCode = new Map(known.map((one) => [one.code, one]))
  let no = await nextNumber(tx)
  const rows: Row[] = []
  for (const { code, name, fullName, kind, parentCode } of nodes) {
    if (byCode.has(code)) continue
    const parent = parentCode === null ? null : byCode.get(parentCode)
    if (parent === undefined) throw new Error(`region ${code} comes before its parent ${parentCode}`)
    const id = newId(at)
    const countyId = countyOf({ id, level: levels.get(kind) ?? 0 }, parent)
    const row = {
      id,
      no,
      code,
      name,
      fullName,
      kind,
      parentId: parent?.id ?? null,
      path: `${parent?.path ?? '/'}${no}/`,
      countyId,
      validFrom: dayOf(at),
      validTo: null,
    }
    no += 1
    rows.push(row)
    byCode.set(code, row)
  }
  return rows
}
