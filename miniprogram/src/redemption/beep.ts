import Taro from '@tarojs/taro'

type Audio = Pick<AudioContext, 'createOscillator' | 'destination' | 'currentTime'>
let audio: Audio | undefined

/** One short high tone: who shows card after card to the camera needn't look. Where there is no sound the phone only shakes. */
export function beep(): void {
  void Taro.vibrateShort({ type: 'light' }).catch(() => undefined)
  try {
    audio ??= process.env.TARO_ENV === 'h5' ? new AudioContext() : (Taro.createWebAudioContext() as unknown as Audio)
    const tone = audio.createOscillator()
    tone.frequency.value = 1760
    tone.connect(audio.destination)
    tone.start()
    tone.stop(audio.currentTime + 0.12)
  } catch {
    // a phone without sound
  }
}
