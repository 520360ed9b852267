import { CallError, freshToken } from './call'

/** Fetches a file of the API and hands it to the browser to keep. */
export async function openFile(path: string, name: string): Promise<void> {
  const answer = await fetch(`${API_BASE}/api/v1${path}`, {
    headers: { authorization: `Bearer ${await freshToken()}` },
  }).catch(() => null)
  if (answer === null || !answer.ok)
    throw new CallError(answer?.status ?? 0, { code: 'NO_ANSWER', sentence: '没能下载，请再试一次' })
  const url = URL.createObjectURL(await answer.blob())
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export const keepsFiles = true
