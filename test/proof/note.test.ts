import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rawPublicKey, sha256, signEd25519, verifyEd25519 } from '../../server/proof/crypto'
import { canonicalJson } from '../../shared/core/canonical'
import { fromBase64, fromHex, toBase64, toHex, utf8 } from '../../shared/proof/bytes'
import {
  checkpointBody,
  cosignedMessage,
  keyIdOf,
  packCosignature,
  proofFileText,
  readCheckpoint,
  readNote,
  readProofFile,
  readVerifierKey,
  type Signature,
  signatureLine,
  signersOf,
  verifierKeyText,
} from '../../shared/proof/note'

const ORIGIN = 'mulin.example/log/371003-0123abcd'
const ROOT = sha256(utf8('root'))
const BODY = checkpointBody({ origin: ORIGIN, size: 7, root: ROOT })

async function newKey(name: string, type: 1 | 4) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = rawPublicKey(privateKey)
  const keyId = await keyIdOf(name, type, publicKey, sha256)
  const sign = (body: string, seconds = 0): Signature => ({
    name,
    keyId,
    bytes:
      type === 1
        ? signEd25519(privateKey, utf8(body))
        : packCosignature(seconds, signEd25519(privateKey, cosignedMessage(seconds, body))),
  })
  return { key: { name, keyId, type, publicKey }, sign }
}

test('base64 and hexadecimal are what node writes, and have one spelling only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }),
  )
  for (const text of ['A', 'AA', 'AAA', 'AB==', 'AAB=', 'A A=', 'AAAA=', 'AA-_', '===='])
    expect(fromBase64(text)).toBeNull()
  for (const text of ['0', 'GG', 'AB']) expect(fromHex(text)).toBeNull()
})

test('canonical text does not depend on the order of names', () => {
  expect(canonicalJson({ b: ['2', null], a: { é: '"\n', Z: '睦' } })).toBe(
    '{"a":{"Z":"睦","é":"\\"\\n"},"b":["2",null]}',
  )
  expect(canonicalJson({ a: '1', b: '2' })).toBe(canonicalJson({ b: '2', a: '1' }))
})

test('the example of the signed-note specification is read', () => {
  const note = readNote(
    'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n',
  )
  expect(note?.body.endsWith('ed è subito sera.\n')).toBe(true)
  expect(note?.signatures.map((one) => [one.name, toHex(one.keyId), one.bytes.length])).toEqual([
    ['quasimodo.example/salvatore', '367ba04b', 64],
  ])
})

test('a checkpoint is read as it was written; anything odd is none', () => {
  expect(readCheckpoint(BODY)).toEqual({ origin: ORIGIN, size: 7, root: Uint8Array.from(ROOT) })
  const root = toBase64(ROOT)
  for (const body of [
    `${ORIGIN}\n0\n${root}\n`,
    `${ORIGIN}\n07\n${root}\n`,
    `${ORIGIN}\n-7\n${root}\n`,
    `${ORIGIN}\n99999999999999999\n${root}\n`,
    `\n7\n${root}\n`,
    `${ORIGIN}\n7\n${root}`,
    `${ORIGIN}\n7\n${root}\nmore\n`,
    `${ORIGIN}\n7\n${toBase64(ROOT.slice(0, 31))}\n`,
  ])
    expect(readCheckpoint(body)).toBeNull()
})

test('the log and its witness are known by their keys; a stranger is passed over; a wrong signature condemns the note', async () => {
  const [log, witness, stranger] = [
    await newKey(ORIGIN, 1),
    await newKey('witness.example/w1', 4),
    await newKey(ORIGIN, 1),
  ]
  const lines = [log.sign(BODY), witness.sign(BODY, 1_795_000_000), stranger.sign(BODY)].map(signatureLine)
  const note = readNote(`${BODY}\n${lines.join('')}`)
  if (note === null) throw new Error('not read')
  const keys = [log.key, witness.key]
  expect(await signersOf(note, keys, verifyEd25519)).toEqual([
    { key: log.key, atSeconds: null },
    { key: witness.key, atSeconds: 1_795_000_000 },
  ])
  expect(await signersOf({ ...note, body: BODY.replace('\n7\n', '\n8\n') }, keys, verifyEd25519)).toBeNull()
  expect(await signersOf({ ...note, signatures: [stranger.sign(BODY)] }, keys, verifyEd25519)).toEqual([])
  const [, second] = note.signatures
  const late = { ...(second as Signature), bytes: packCosignature(1_795_000_001, (second as Signature).bytes.slice(8)) }
  expect(await signersOf({ ...note, signatures: [late] }, keys, verifyEd25519)).toBeNull()
})

test('a printed key is read back, and a misprinted one is not', async () => {
  const { key } = await newKey(ORIGIN, 1)
  const text = verifierKeyText(key)
  expect(await readVerifierKey(text, sha256)).toEqual({
    ...key,
    keyId: key.keyId.slice(),
    publicKey: Uint8Array.from(key.publicKey),
  })
  expect(await readVerifierKey(text.replace('mulin', 'nulin'), sha256)).toBeNull()
  expect(await readVerifierKey(`${text.slice(0, -8)}AAAAAAA=`, sha256)).toBeNull()
  expect(await readVerifierKey('', sha256)).toBeNull()
})

test('a proof file is read as it was written; anything odd is none', () => {
  const note = `${BODY}\n— ${ORIGIN} ${toBase64(new Uint8Array(68))}\n`
  const file = { extra: utf8('{"a":"1"}\nmore'), index: 3, path: [ROOT, ROOT].map((one) => Uint8Array.from(one)), note }
  expect(readProofFile(proofFileText(file))).toEqual(file)
  expect(readProofFile(proofFileText({ ...file, extra: null, path: [] }))).toEqual({ ...file, extra: null, path: [] })
  const text = proofFileText(file)
  for (const broken of [
    text.replace('@v1', '@v2'),
    text.replace('index 3', 'index 03'),
    text.replace('index 3', 'index -3'),
    text.replace('extra ', 'extra !'),
    text.replace(toBase64(ROOT), toBase64(ROOT.slice(1))),
    text.replaceAll('\n', '\r\n'),
    '',
    'c2sp.org/tlog-proof@v1\n',
  ])
    expect(readProofFile(broken)).toBeNull()
})
