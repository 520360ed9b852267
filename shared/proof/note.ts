/** C2SP signed-note, tlog-checkpoint, tlog-cosignature and tlog-proof: text, made and read. Nothing here trusts what it reads. */
import { fromBase64, isSame, joined, toBase64, toHex, utf8 } from './bytes'
import { HASH_BYTES, type Head, type Sha256 } from './tree'

/** Ed25519; whoever asks brings it along. */
export type VerifySignature = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>
export type Signature = { name: string; keyId: Uint8Array; bytes: Uint8Array }
/** `body` ends with its newline; the blank line before the signatures is no part of it. */
export type Note = { body: string; signatures: Signature[] }
/** 1: the log's own signature · 4: a witness's cosignature with its time */
export type KeyType = 1 | 4
export type VerifierKey = { name: string; keyId: Uint8Array; type: KeyType; publicKey: Uint8Array }
export type Checkpoint = Head & { origin: string }
export type ProofFile = { extra: Uint8Array | null; index: number; path: Uint8Array[]; note: string }

const PROOF_LINE = 'c2sp.org/tlog-proof@v1'
const SIGNATURES_MAX = 32
const PATH_MAX = 63
const NAME = /^[^\s+]+$/u
const ED25519_BYTES = 32
const KEY_ID_BYTES = 4
const TIME_BYTES = 8

/** What names a key in a note: four bytes are enough to tell keys apart and nothing to trust. */
export async function keyIdOf(name: string, type: KeyType, publicKey: Uint8Array, sha256: Sha256): Promise<Uint8Array> {
  return (await sha256(joined(utf8(`${name}\n`), Uint8Array.of(type), publicKey))).slice(0, KEY_ID_BYTES)
}

/** `name+id+base64(type, public key)`, as it is printed and pinned. */
export function verifierKeyText({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${toHex(keyId)}+${toBase64(joined(Uint8Array.of(type), publicKey))}`
}

/** Null for anything whose id is not that of its own name and key. */
export async function readVerifierKey(text: string, sha256: Sha256): Promise<VerifierKey | null> {
  const [name = '', id, ...rest] = text.trim().split('+')
  const bytes = fromBase64(rest.join('+'))
  const type = bytes?.[0]
  if (!NAME.test(name) || bytes?.length !== 1 + ED25519_BYTES || (type !== 1 && type !== 4)) return null
  const publicKey = bytes.slice(1)
  const keyId = await keyIdOf(name, type, publicKey, sha256)
  return toHex(keyId) === id ? { name, keyId, type, publicKey } : null
}

export function checkpointBody({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

export function signatureLine({ name, keyId, bytes }: Signature): string {
  return `— ${name} ${toBase64(joined(keyId, bytes))}\n`
}

export function readNote(text: string): Note | null {
  const end = text.lastIndexOf('\n\n')
  if (end < 0 || hasControl(text) || !text.endsWith('\n')) return null
  const lines = text.slice(end + 2, -1).split('\n')
  if (lines.length > SIGNATURES_MAX) return null
  const signatures: Signature[] = []
  for (const line of lines) {
    const [, name = '', packed = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const bytes = fromBase64(packed)
    if (!NAME.test(name) || bytes === null || bytes.length <= KEY_ID_BYTES) return null
    signatures.push({ name, keyId: bytes.slice(0, KEY_ID_BYTES), bytes: bytes.slice(KEY_ID_BYTES) })
  }
  return { body: text.slice(0, end + 1), signatures }
}

/** Size 0 is read as none: an empty log has nothing to prove. */
export function readCheckpoint(body: string): Checkpoint | null {
  const [origin = '', size = '', root = '', ...rest] = body.split('\n')
  const hash = fromBase64(root)
  // extension lines are allowed by the format and never written by us: what nobody audits is refused
  if (rest.length !== 1 || rest[0] !== '' || origin === '' || !/^[1-9]\d{0,15}$/.test(size)) return null
  if (hash?.length !== HASH_BYTES || !Number.isSafeInteger(Number(size))) return null
  return { origin, size: Number(size), root: hash }
}

/** What a witness signs: the time it saw the checkpoint, and the checkpoint. */
export function cosignedMessage(seconds: number, body: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${body}`)
}

export function packCosignature(seconds: number, signature: Uint8Array): Uint8Array {
  const time = new Uint8Array(TIME_BYTES)
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds))
  return joined(time, signature)
}

/**
 * Which of the keys signed the note. A signature of an unknown key is passed over; one of a known key that is wrong condemns
 * the whole note.
 *
 * @returns null when a known key's signature does not verify
 */
export async function signersOf(
  note: Note,
  keys: readonly VerifierKey[],
  verify: VerifySignature,
): Promise<{ key: VerifierKey; atSeconds: number | null }[] | null> {
  const signers: { key: VerifierKey; atSeconds: number | null }[] = []
  for (const { name, keyId, bytes } of note.signatures) {
    const key = keys.find((one) => one.name === name && isSame(one.keyId, keyId))
    if (key === undefined) continue
    const atSeconds = key.type === 1 ? null : timeOf(bytes)
    const message = atSeconds === null ? utf8(note.body) : cosignedMessage(atSeconds, note.body)
    const signature = key.type === 1 ? bytes : bytes.slice(TIME_BYTES)
    if (signature.length !== 64 || !(await verify(key.publicKey, message, signature))) return null
    signers.push({ key, atSeconds })
  }
  return signers
}

export function proofFileText({ extra, index, path, note }: ProofFile): string {
  const lines = [
    PROOF_LINE,
    ...(extra === null ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...path.map(toBase64),
    '',
  ]
  return `${lines.join('\n')}\n${note}`
}

export function readProofFile(text: string): ProofFile | null {
  const end = text.indexOf('\n\n')
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split('\n')
  if (first !== PROOF_LINE) return null
  const extra = lines[0]?.startsWith('extra ') === true ? fromBase64((lines.shift() as string).slice(6)) : undefined
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? []
  const path = lines.map(fromBase64)
  if (extra === null || index === undefined || !Number.isSafeInteger(Number(index)) || path.length > PATH_MAX)
    return null
  if (!path.every((hash): hash is Uint8Array => hash?.length === HASH_BYTES)) return null
  return { extra: extra ?? null, index: Number(index), path, note: text.slice(end + 2) }
}

function timeOf(bytes: Uint8Array): number {
  if (bytes.length < TIME_BYTES) return 0
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
}

function hasControl(text: string): boolean {
  return [...text].some((letter) => letter < ' ' && letter !== '\n')
}
