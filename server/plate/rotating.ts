import type { RefusalCode } from '../../shared/core/refusals'
import { addSeconds, dayOf } from '../../shared/core/time'
import { readCode } from '../../shared/plate/rules'
import { findBy, insertRows, type RowOf } from '../core/bulk'
import { type Phase, readRotatingToken, rotatingSessionOf } from '../core/code-tokens'
import type { Keys } from '../core/config'
import { execute, type Reader, type Tx } from '../core/db'
import { settingsAt } from '../region/settings'

export type RotatingSession = RowOf<'RotatingSession'>
export type RotatingAsk = { code: string; memberId: string; countyId: string; phase: Phase; at: Date }
const PHASES: readonly Phase[] = ['in', 'out']
/** A code of a screen, and why this helper can't use it now; `isFresh`: it is the first time. */
export type FoundRotating = { session: RotatingSession; whyNot: RefusalCode | null; isFresh: boolean }

/** Whom one may help who scanned this screen. */
export function eldersOfScreen({ elderIds }: Pick<RotatingSession, 'elderIds'>): string[] {
  return JSON.parse(elderIds) as string[]
}

/** Those of these screens that stand where many meet: a visit proved there isn't at anybody's home. */
export async function awayFromHome(db: Reader, sessionIds: readonly (string | null)[]): Promise<Set<string>> {
  const ids = sessionIds.flatMap((id) => id ?? [])
  if (ids.length === 0) return new Set()
  const sessions = await findBy(db, 'RotatingSession', 'id', ids)
  return new Set(sessions.flatMap(({ id, kind }) => (kind === 'site' ? [id] : [])))
}

/** Whose use of which screen became which visit. */
export type Use = { sessionId: string; memberId: string; phase: Phase; usedAt: Date; visitId: string | null }

/** Asks by what identifies them: the same screen may be scanned by many at once. */
export const rotatingKey = ({ code, memberId, phase }: Pick<RotatingAsk, 'code' | 'memberId' | 'phase'>): string =>
  `${memberId} ${phase} ${code}`

/** The 31 characters of a code on a screen, or null for any other code. */
export function rotatingTokenOf(code: string): string | null {
  const read = readCode(code)
  if (read?.kind !== 'rotating' && !(read?.kind === 'token' && read.value.startsWith('R'))) return null
  return read.value
}

/**
 * What codes on screens are worth to whoever scanned them: of this step or the one before, or scanned by the same helper
 * some minutes ago and not used since. Asks nothing of the database where no such code is among them.
 */
export async function findRotating(
  db: Reader,
  keys: Keys,
  asks: readonly RotatingAsk[],
): Promise<Map<string, FoundRotating | null>> {
  const wanted = asks.flatMap((ask) => {
    const token = rotatingTokenOf(ask.code)
    const sessionId = token === null ? null : rotatingSessionOf(keys.code, token)
    return token === null ? [] : [{ ask, token, sessionId: sessionId ?? '' }]
  })
  if (wanted.length === 0) return new Map()
  const ids = wanted.map(({ sessionId }) => sessionId)
  const sessions = new Map((await findBy(db, 'RotatingSession', 'id', ids)).map((one) => [one.id, one]))
  const uses = await findBy(db, 'RotatingUse', 'sessionId', ids)
  const found = new Map<string, FoundRotating | null>()
  for (const { ask, token, sessionId } of wanted) {
    const session = sessions.get(sessionId)
    const use = uses.find(
      (one) => one.sessionId === sessionId && one.memberId === ask.memberId && one.phase === ask.phase,
    )
    found.set(rotatingKey(ask), session === undefined ? null : await judge(db, keys, { ask, token, session, use }))
  }
  return found
}

type Case = { ask: RotatingAsk; token: string; session: RotatingSession; use: RowOf<'RotatingUse'> | undefined }

async function judge(db: Reader, keys: Keys, { ask, token, session, use }: Case): Promise<FoundRotating> {
  const { at, phase } = ask
  const limits = await settingsAt(db, session.regionPath, dayOf(at))
  const stepSeconds = limits.rotatingStepSeconds
  const isOf = (one: Phase, moment: Date) =>
    readRotatingToken(keys.code, token, { phase: one, at: moment, stepSeconds }, limits.rotatingStepsBack) !== null
  const why = (): RefusalCode | null => {
    if (session.countyId !== ask.countyId) return 'PLATE_FOREIGN'
    if (use !== undefined) {
      if (use.visitId !== null) return 'CODE_USED'
      const isHeld = at <= addSeconds(use.usedAt, limits.rotatingHoldSeconds) && isOf(phase, use.usedAt)
      // scanned again from the screen while the first scan is still held: the same use
      return isHeld || isOf(phase, at) ? null : 'CODE_STALE'
    }
    if (session.closedAt !== null || at >= session.expiresAt) return 'CODE_CLOSED'
    if (isOf(phase, at)) return null
    return isOf(phase === 'in' ? 'out' : 'in', at) ? 'CODE_PHASE' : 'CODE_STALE'
  }
  return { session, whyNot: why(), isFresh: use === undefined }
}

/** A scan is held for the beginning or the end that follows it; the first of two at once stays. */
export async function holdUse(tx: Tx, use: Use): Promise<void> {
  await insertRows(tx, 'rotating_use', [use])
}

/** What a press used up, where it was of a screen. */
export function usesOf(screen: FoundRotating | null, memberId: string, phase: Phase, visitId: string, at: Date): Use[] {
  return screen === null ? [] : [{ sessionId: screen.session.id, memberId, phase, usedAt: at, visitId }]
}

/** The scan has become the beginning or the end of a visit: it is used up. */
export async function consumeUses(tx: Tx, uses: readonly Use[]): Promise<void> {
  for (const use of uses) {
    await insertRows(tx, 'rotating_use', [use])
    await execute(
      tx,
      `UPDATE rotating_use SET "visitId" = $1 WHERE "sessionId" = $2 AND "memberId" = $3 AND "phase" = $4 AND "visitId" IS NULL`,
      use.visitId,
      use.sessionId,
      use.memberId,
      use.phase,
    )
  }
}

/** The screen a code is shown on now, for whoever asks who runs it; null for what no screen of ours shows. */
export async function findScreenOf(db: Reader, keys: Keys, token: string, at: Date): Promise<RotatingSession | null> {
  const sessionId = rotatingSessionOf(keys.code, token)
  const [session] = sessionId === null ? [] : await findBy(db, 'RotatingSession', 'id', [sessionId])
  if (session === undefined || session.closedAt !== null || at >= session.expiresAt) return null
  const { rotatingStepSeconds, rotatingStepsBack } = await settingsAt(db, session.regionPath, dayOf(at))
  const isShown = PHASES.some(
    (phase) =>
      readRotatingToken(keys.code, token, { phase, at, stepSeconds: rotatingStepSeconds }, rotatingStepsBack) !== null,
  )
  return isShown ? session : null
}
