import { readCode } from '../../shared/plate/rules'
import { findBy } from '../core/bulk'
import { type CodeKind, mintPlateToken, readPlateToken, readPrintedNumber } from '../core/code-tokens'
import type { Keys } from '../core/config'
import type { KeyRing } from '../core/crypto'
import type { Db, Reader } from '../core/db'

export type Plate = Awaited<ReturnType<Db['plate']['findUniqueOrThrow']>>
export type FoundPlate = { plate: Plate; state: 'inForce' | 'revoked' }

/** Doors and counters are printed with /d/, cards with /e/; the token's MAC binds it. */
const PATH_OF_KIND: Readonly<Record<string, CodeKind>> = { door: 'd', point: 'd', card: 'e' }

/**
 * The plate behind what was scanned (address or token) or typed (printed number); null for anything that is none of ours.
 * Somebody else's code and a forged one are alike here.
 */
export async function findPlate(db: Reader, keys: Keys, code: string): Promise<FoundPlate | null> {
  return (await findPlates(db, keys, [code])).get(code) ?? null
}

/** The same for many codes, by code. */
export async function findPlates(
  db: Reader,
  keys: Keys,
  codes: readonly string[],
): Promise<Map<string, FoundPlate | null>> {
  const read = new Map([...new Set(codes)].map((code) => [code, readPlateCode(keys, code)]))
  const wanted = [...read.values()]
  const ids = wanted.flatMap((one) => one.ids.map(({ id }) => id))
  const byId = new Map((await findBy(db, 'Plate', 'id', ids)).map((plate) => [plate.id, plate]))
  const serials = wanted.map(({ serial }) => serial)
  const bySerial = new Map((await findBy(db, 'Plate', 'serial', serials)).map((plate) => [plate.serial, plate]))
  return new Map(
    [...read].map(([code, { ids, serial }]) => {
      const named = ids.find(({ id, path }) => pathOf(byId.get(id)?.kind ?? '') === path)
      const plate = byId.get(named?.id ?? '') ?? bySerial.get(serial ?? '')
      return [code, plate === undefined ? null : { plate, state: plate.revokedAt === null ? 'inForce' : 'revoked' }]
    }),
  )
}

/** The token printed on a plate, minted again with the key it was first minted with; null when that key left the ring. */
export function tokenOfPlate(keys: Keys, plate: Pick<Plate, 'id' | 'kind' | 'keyId'>): string | null {
  const key = keys.code.find((one) => one.id === plate.keyId)
  return key === undefined ? null : mintPlateToken([key] satisfies KeyRing, pathOf(plate.kind), plate.id)
}

/** What a plate's code says: `https://host/d/P1…`. */
export function addressOfPlate(publicUrl: string, kind: string, token: string): string {
  return `${publicUrl}/${pathOf(kind)}/${token}`
}

type PlateCode = { ids: { id: string; path: CodeKind }[]; serial: string | null }

/** What a code names: a serial, or an id whose token was minted for one of these paths. */
function readPlateCode(keys: Keys, code: string): PlateCode {
  const read = readCode(code)
  if (read?.kind === 'number') {
    const number = readPrintedNumber(read.value)
    return { ids: [], serial: number === null ? null : groupedNumber(number) }
  }
  const paths: readonly CodeKind[] =
    read?.kind === 'door' ? ['d'] : read?.kind === 'card' ? ['e'] : read?.kind === 'token' ? ['d', 'e'] : []
  const ids = paths.flatMap((path) => {
    const id = readPlateToken(keys.code, path, read?.value ?? '')
    return id === null ? [] : [{ id, path }]
  })
  return { ids, serial: null }
}

/** As it is stored and printed: K7M2-9QXD-4TRF. */
function groupedNumber(number: string): string {
  return (number.match(/.{4}/g) ?? []).join('-')
}

function pathOf(kind: string): CodeKind {
  return PATH_OF_KIND[kind] ?? 'd'
}
