import { reportLeaf } from '../../shared/proof/leaf'
import type { Reader } from '../core/db'
import { sha256Hex } from './crypto'

type Sealed = { refId: string; text: string }

/** Requests and decisions as their leaves would tell them today, by `request:<id>` and `decision:<id>`. */
export async function readRequests(db: Reader, refIds: readonly string[]): Promise<Sealed[]> {
  const idsOf = (what: string) =>
    refIds.filter((one) => one.startsWith(`${what}:`)).map((one) => one.slice(what.length + 1))
  const requests = await db.ledgerRequest.findMany({ where: { id: { in: idsOf('request') } } })
  const decisions = await db.ledgerDecision.findMany({ where: { requestId: { in: idsOf('decision') } } })
  return [
    ...requests.map((row) => sealedRow('request', row.id, row.askedAt, row)),
    ...decisions.map((row) => sealedRow('decision', row.requestId, row.at, row)),
  ]
}

/** The whole row by its hash: what was asked and answered stays between those who may read it. */
export function sealedRow(kind: 'request' | 'decision', id: string, at: Date, row: object): Sealed {
  const digest = sha256Hex(JSON.stringify(Object.entries(row).sort(), plain))
  return { refId: `${kind}:${id}`, text: reportLeaf({ id, kind, begunAt: at, endedAt: at, digest }) }
}

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
