import { readCode } from '../../shared/plate/rules'
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
  const plate = await plateOf(db, keys, code)
  return plate === null ? null : { plate, state: plate.revokedAt === null ? 'inForce' : 'revoked' }
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

async function plateOf(db: Reader, keys: Keys, code: string): Promise<Plate | null> {
  const read = readCode(code)
  if (read === null) return null
  if (read.kind === 'number') {
    const number = readPrintedNumber(read.value)
    return number === null ? null : db.plate.findUnique({ where: { serial: groupedNumber(number) } })
  }
  const paths: readonly CodeKind[] =
    read.kind === 'door' ? ['d'] : read.kind === 'card' ? ['e'] : read.kind === 'token' ? ['d', 'e'] : []
  for (const path of paths) {
    const id = readPlateToken(keys.code, path, read.value)
    const plate = id === null ? null : await db.plate.findUnique({ where: { id } })
    if (plate !== null && pathOf(plate.kind) === path) return plate
  }
  return null
}

/** As it is stored and printed: K7M2-9QXD-4TRF. */
function groupedNumber(number: string): string {
  return (number.match(/.{4}/g) ?? []).join('-')
}

function pathOf(kind: string): CodeKind {
  return PATH_OF_KIND[kind] ?? 'd'
}
