import Taro from '@tarojs/taro'

const KEY = 'mulin.queue'

/** Where the queue lies when the app is closed. In a browser ./disk.h5 keeps it in a database that holds more. */
export async function readDisk(): Promise<unknown> {
  return Taro.getStorageSync(KEY)
}

export async function writeDisk(value: object): Promise<void> {
  Taro.setStorageSync(KEY, value)
}
