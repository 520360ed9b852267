/**
 * A uuid of version 7, made here before anything is sent, so that asking twice makes one record.
 * `crypto.randomUUID` would need https, which an intranet address may not have.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const time = BigInt(Date.now())
  for (let at = 0; at < 6; at++) bytes[at] = Number((time >> BigInt(8 * (5 - at))) & 0xffn)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
