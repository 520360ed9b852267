import { readVerifierKey, type VerifierKey } from '../../../shared/proof/note'
import { verifyProof } from '../../../shared/proof/verify'
import type { Checked } from './check-proof'

const CURVE = 'Ed25519'

/** Checks a proof file with the browser's own cryptography; older browsers and pages without TLS have none of it. */
export async function checkProof(proof: string, keys: readonly string[]): Promise<Checked> {
  const { subtle } = globalThis.crypto
  if (subtle === undefined || !(await knowsCurve(subtle))) return { how: 'cannot' }
  const sha256 = async (bytes: Uint8Array) => new Uint8Array(await subtle.digest('SHA-256', bytes.slice()))
  const verify = async (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => {
    const key = await subtle.importKey('raw', publicKey.slice(), CURVE, false, ['verify'])
    return subtle.verify(CURVE, key, signature.slice(), message.slice())
  }
  const read = await Promise.all(keys.map((one) => readVerifierKey(one, sha256)))
  const known = read.filter((one): one is VerifierKey => one !== null)
  const { proved } = await verifyProof(proof, known, { sha256, verify })
  if (proved === null) return { how: 'broken' }
  return { how: 'holds', leaf: proved.leaf, origin: proved.checkpoint.origin, size: proved.checkpoint.size }
}

async function knowsCurve(subtle: SubtleCrypto): Promise<boolean> {
  return subtle.generateKey(CURVE, false, ['verify', 'sign']).then(
    () => true,
    () => false,
  )
}
