import { Refusal } from '../../shared/core/refusals'
import { dayOf } from '../../shared/core/time'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import type { Db } from '../core/db'
import { logOperation } from '../core/operation-log'
import type { File } from '../core/route'
import { regionsOfPath } from '../region/queries'
import { settingsAt } from '../region/settings'
import { programmeOf } from '../scheme/queries'
import { commonPath, notePrint } from './batch'
import { addressOfPlate, type Plate, tokenOfPlate } from './queries'
import { type Imprint, type PlateKind, platesPdf } from './sheet'

const SHEET_MAX = 200

/**
 * The A4 sheet of some plates in force. What is printed beside the codes is what holds for all of them: the agency of the
 * smallest place they share.
 *
 * @param ids plate ids joined by commas
 */
export async function printSheet(
  db: Db,
  keys: Keys,
  publicUrl: string,
  actor: Actor,
  ids: string,
  at: Date,
): Promise<File> {
  const plates = await findPrintable(db, actor, ids)
  const houses = new Map(
    (
      await findBy(
        db,
        'Organisation',
        'id',
        plates.map(({ organisationId }) => organisationId),
      )
    ).map(({ id, name }) => [id, name]),
  )
  const path = commonPath(plates.map((one) => one.regionPath))
  const printed = plates.map((one) => ({
    kind: one.kind as PlateKind,
    url: addressOfPlate(publicUrl, one.kind, mintedToken(keys, one)),
    serial: one.serial,
    where: [houses.get(one.organisationId ?? ''), one.label].filter(Boolean).join(' '),
  }))
  const bytes = await platesPdf(printed, await imprintOf(db, path, at), at)
  await db.$transaction(async (tx) => {
    await notePrint(
      tx,
      plates.map(({ batchId }) => batchId),
      at,
    )
    await logOperation(tx, actor, {
      at,
      action: 'print',
      resource: 'plate',
      resourceId: plates[0]?.id ?? '',
      regionPath: path,
      after: { plateIds: plates.map((one) => one.id) },
    })
  })
  return { bytes, type: 'application/pdf', name: `门牌-${dayOf(at)}.pdf` }
}

async function findPrintable(db: Db, actor: Actor, ids: string): Promise<Plate[]> {
  const wanted = [...new Set(ids.split(',').map((one) => one.trim()))].filter((one) => one !== '')
  if (wanted.length === 0) throw new Refusal('REQUIRED', { field: 'ids' })
  if (wanted.length > SHEET_MAX) throw new Refusal('TOO_LARGE', { field: 'ids', most: SHEET_MAX })
  const found = await db.plate.findMany({ where: { id: { in: wanted } } })
  return wanted.map((id) => {
    const plate = found.find((one) => one.id === id)
    if (plate === undefined || !mayOver(actor, can('plate.keep'), plate.regionPath)) throw new Refusal('NOT_FOUND')
    if (plate.revokedAt !== null) throw new Refusal('PLATE_STATE')
    return plate
  })
}

function mintedToken(keys: Keys, plate: Plate): string {
  const token = tokenOfPlate(keys, plate)
  if (token === null) throw new Refusal('PLATE_STATE')
  return token
}

async function imprintOf(db: Db, path: string, at: Date): Promise<Imprint> {
  const { agencyName, hotline } = await settingsAt(db, path, dayOf(at))
  return { agencyName, hotline, programmeName: await programmeNameAt(db, path) }
}

/** The name of the programme people take part in at a place; 睦邻互助 where there is none yet. */
export async function programmeNameAt(db: Db, path: string): Promise<string> {
  const countyId = (await regionsOfPath(db, path)).at(-1)?.countyId ?? null
  const programme = countyId === null ? null : await programmeOf(db, countyId)
  return programme?.name ?? '睦邻互助'
}
