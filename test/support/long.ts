/**
 * How often something is tried: usually a little, in the long run (`npm run test:long`) as often as the promise says.
 * MULIN_LONG is the share of the long run, 1 for all of it; a small share shows that the long way works.
 */
export function times(usual: number, long: number): number {
  const share = Number(process.env.MULIN_LONG ?? 0)
  return share > 0 ? Math.max(1, Math.ceil(long * share)) : usual
}

/** Where the dice begin: another place each time, said where a test fails; MULIN_SEED throws the same dice again. */
export function newSeed(): number {
  return Number(process.env.MULIN_SEED ?? Math.floor(Math.random() * 2 ** 31))
}
