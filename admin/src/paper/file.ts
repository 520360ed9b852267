import { IMPORT_BYTES_MAX } from '../../../shared/import/limits'

/** A file as it goes over the wire; of one that is far too large only as much as the server needs to say no. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, IMPORT_BYTES_MAX + 1).arrayBuffer())
  let text = ''
  for (let from = 0; from < bytes.length; from += 0x8000)
    text += String.fromCharCode(...bytes.subarray(from, from + 0x8000))
  return btoa(text)
}
