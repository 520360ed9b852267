import Taro from '@tarojs/taro'

/** Opens the phone with this number. Who changes their mind has done nothing wrong. */
export async function dial(phoneNumber: string): Promise<void> {
  await Taro.makePhoneCall({ phoneNumber }).catch(() => undefined)
}
