import Taro from '@tarojs/taro'
import { CallError, freshToken } from './call'

/** Fetches a PDF of the API and shows it; from there it can be sent on or printed. */
export async function openFile(path: string, _name: string): Promise<void> {
  const { statusCode, tempFilePath } = await Taro.downloadFile({
    url: `${API_BASE}/api/v1${path}`,
    header: { authorization: `Bearer ${await freshToken()}` },
  })
  if (statusCode !== 200) throw new CallError(statusCode, { code: 'NOT_FOUND', sentence: '没能下载，请再试一次' })
  await Taro.openDocument({ filePath: tempFilePath, fileType: 'pdf', showMenu: true })
}

/** A proof file is nothing a phone can show. */
export const keepsFiles = false
