import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { newSm2Pem, readSm2Pem, signSm2, verifySm2 } from '../../server/core/sm2'

const folder = mkdtempSync(join(tmpdir(), 'mulin-sm2-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const pem = newSm2Pem()
const key = readSm2Pem(pem)
const message = Buffer.from('泽头镇\n128\nroot\n', 'utf8')
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const keyFile = file('key.pem', pem)
const publicFile = join(folder, 'public.pem')
const hasSm2 = spawnSync('openssl', ['pkey', '-in', keyFile, '-pubout', '-out', publicFile]).status === 0
if (!hasSm2) console.warn('the openssl of this machine has no SM2: ours is not compared with it')
/** What openssl takes to name the signer by the identity of the standard. */
const AS_STANDARD = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678']

/** openssl writes r and s as two integers of DER. */
function derOf(signature: Buffer): Buffer {
  const integer = (bytes: Buffer) => {
    const short = Buffer.from(bytes.toString('hex').replace(/^(00)+/, ''), 'hex')
    const value = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), short]) : short
    return Buffer.concat([Buffer.of(2, value.length), value])
  }
  const both = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))])
  return Buffer.concat([Buffer.of(0x30, both.length), both])
}

function rawOf(der: Buffer): Buffer {
  const first = der[3] as number
  const integers = [der.subarray(4, 4 + first), der.subarray(6 + first)]
  return Buffer.concat(integers.map((one) => Buffer.from(one.toString('hex').slice(-64).padStart(64, '0'), 'hex')))
}

describe('what is signed with SM2 and SM3', () => {
  test.runIf(hasSm2)('openssl finds right what we signed', () => {
    for (let count = 0; count < 5; count++) {
      const args = ['-verify', '-pubin', '-inkey', publicFile, '-in', file('message', message)]
      const signature = file('ours.der', derOf(signSm2(key, message)))
      const said = execFileSync('openssl', ['pkeyutl', ...args, ...AS_STANDARD, '-sigfile', signature], {
        encoding: 'utf8',
      })
      expect(said).toContain('Verified Successfully')
    }
  })

  test.runIf(hasSm2)('we find right what openssl signed', () => {
    for (let count = 0; count < 5; count++) {
      const args = ['-sign', '-inkey', keyFile, '-in', file('message', message), ...AS_STANDARD]
      const der = execFileSync('openssl', ['pkeyutl', ...args])
      expect(verifySm2(key.publicKey, message, rawOf(der))).toBe(true)
    }
  })

  test('neither another message, another key, a turned bit nor a number out of range is right', () => {
    const signature = signSm2(key, message)
    expect(verifySm2(key.publicKey, message, signature)).toBe(true)
    expect(verifySm2(key.publicKey, Buffer.from('else'), signature)).toBe(false)
    expect(verifySm2(readSm2Pem(newSm2Pem()).publicKey, message, signature)).toBe(false)
    for (const place of [0, 31, 32, 63]) {
      const turned = Buffer.from(signature)
      turned[place] = (turned[place] as number) ^ 1
      expect(verifySm2(key.publicKey, message, turned)).toBe(false)
    }
    expect(verifySm2(key.publicKey, message, Buffer.alloc(64))).toBe(false)
    expect(verifySm2(key.publicKey, message, Buffer.alloc(64, 255))).toBe(false)
    const off = Buffer.from(key.publicKey)
    off[64] = (off[64] as number) ^ 1
    expect(verifySm2(off, message, signature)).toBe(false)
  })

  test('the same message gets another signature each time, and what is no key is refused', () => {
    expect(signSm2(key, message).equals(signSm2(key, message))).toBe(false)
    expect(() => readSm2Pem('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')).toThrow()
  })
})
