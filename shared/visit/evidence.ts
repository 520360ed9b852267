/** How an end of a visit was proved. `otherDoor`: a plate of ours, but not of this door. */
export type End = {
  method: 'plate' | 'rotating' | 'typedNumber' | 'button' | 'job' | 'staff'
  plate: 'inForce' | 'revoked' | 'otherDoor' | 'unknown' | null
  boundDevice: boolean
  /** from the home point; null without a home point or a precise place */
  distanceMetres: number | null
}

/**
 * The evidence level of one end. Paper alone is copied easily, so a plate is worth L2 only with the helper's own phone
 * and a place near the door; a code that changes every few seconds is L3 wherever the phone says it is; what anybody could
 * type or press is L1; what staff typed in is L0.
 */
export function levelOfEnd(end: End, nearMetres: number): number {
  if (end.method === 'staff') return 0
  if (end.method === 'rotating') return end.plate === 'inForce' ? 3 : 1
  const isScan = end.method === 'plate' && end.plate === 'inForce'
  const isNear = end.distanceMetres !== null && end.distanceMetres <= nearMetres
  return isScan && isNear && end.boundDevice ? 2 : 1
}

/** What a phone tells later is never proved better than this, however it was done. */
export const OFFLINE_LEVEL_MAX = 2

/** A visit is proved as well as the weaker of its two ends. */
export function levelOfVisit(inLevel: number, outLevel: number): number {
  return Math.min(inLevel, outLevel)
}

/** A code that changes at both ends, and the plate scanned again when it was asked for: as if somebody had stood beside. */
export function levelWithChallenge(level: number, isAnswered: boolean): number {
  return level === 3 && isAnswered ? 4 : level
}

/** Precise, or no place at all: a circle wider than "near" says nothing about the door. */
export function isPrecise(accuracyMetres: number, nearMetres: number): boolean {
  return accuracyMetres <= nearMetres
}

type Proof = { level: number; at: Date; distanceMetres: number | null }

/**
 * What proves the exit: the press itself together with scans of the plate shortly before it, since scanning opens 服务中,
 * where 帮完了 is pressed. The highest level and the shortest distance among them.
 */
export function exitProof(
  press: Proof,
  scans: readonly Proof[],
  exitScanSeconds: number,
): Pick<Proof, 'level' | 'distanceMetres'> {
  const proofs = [press, ...scans.filter((scan) => press.at.getTime() - scan.at.getTime() <= exitScanSeconds * 1000)]
  const distances = proofs.flatMap(({ distanceMetres }) => distanceMetres ?? [])
  return {
    level: Math.max(...proofs.map(({ level }) => level)),
    distanceMetres: distances.length === 0 ? null : Math.min(...distances),
  }
}
