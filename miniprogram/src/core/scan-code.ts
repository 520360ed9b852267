import Taro from '@tarojs/taro'

/** What a camera read, whole; null when the person turned back. In a browser ./scan-code.h5 opens a sheet of ours. */
export async function scanCode(): Promise<string | null> {
  const read = await Taro.scanCode({ scanType: ['qrCode'] }).catch(() => null)
  return read === null || read.result === '' ? null : read.result
}
