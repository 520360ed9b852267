import { View } from '@tarojs/components'
import { useEffect, useRef, useState } from 'react'
import { faceClass, useFace } from '../core/face'
import { aria } from './aria'
import { CodeEntry } from './code-entry'
import { Icon } from './icon'
import { Sheet } from './sheet'

type Camera = 'starting' | 'on' | 'refused' | 'missing'
const CAMERA_WORDS: Record<Exclude<Camera, 'on'>, string> = {
  starting: '正在打开摄像头',
  refused: '没有摄像头权限，请在浏览器里允许，或填编号',
  missing: '这里用不了摄像头，请填编号',
}

/** The browser's scan: camera and decoder of our own, and a field for the number. `onCode` gets null when it is closed. */
export function ScanSheet({ onCode }: { onCode: (code: string | null) => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const camera = useCamera(video, onCode)
  return (
    <View className={`scan-layer ${faceClass(useFace())}`}>
      <Sheet title="对准门口的牌子" onClose={() => onCode(null)}>
        <View className={`scan-view ${camera === 'on' ? 'is-on' : ''}`}>
          <video ref={video} className="scan-video" muted playsInline aria-label="摄像头画面" />
          {camera === 'on' ? (
            <View className="scan-frame" />
          ) : (
            <View className="scan-words" {...aria({ live: 'polite' })}>
              <Icon name="camera" size={36} />
              {CAMERA_WORDS[camera]}
            </View>
          )}
        </View>
        <CodeEntry onCode={onCode} />
      </Sheet>
    </View>
  )
}

const LOOK_EVERY_MS = 150

function useCamera(video: { current: HTMLVideoElement | null }, onCode: (code: string) => void): Camera {
  const [camera, setCamera] = useState<Camera>('starting')
  const found = useRef(onCode)
  found.current = onCode
  useEffect(() => {
    let stream: MediaStream | null = null
    let timer: ReturnType<typeof setInterval> | undefined
    let left = false
    const start = async () => {
      // The decoder is fetched only now: who never scans never loads it.
      const [{ default: decode }, opened] = await Promise.all([
        import(/* webpackChunkName: "decoder" */ 'jsqr'),
        navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false }),
      ])
      stream = opened
      if (left || video.current === null) return stop(stream)
      video.current.srcObject = stream
      await video.current.play()
      setCamera('on')
      const look = looker(video.current, decode)
      timer = setInterval(() => {
        const code = look()
        if (code !== null) found.current(code)
      }, LOOK_EVERY_MS)
    }
    if (navigator.mediaDevices === undefined) setCamera('missing')
    else start().catch((error) => left || setCamera(error?.name === 'NotAllowedError' ? 'refused' : 'missing'))
    return () => {
      left = true
      clearInterval(timer)
      stop(stream)
    }
  }, [video])
  return camera
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

/** Reads the middle square of the picture, small enough for a slow phone. */
function looker(video: HTMLVideoElement, decode: typeof import('jsqr').default): () => string | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 480
  const drawing = canvas.getContext('2d', { willReadFrequently: true })
  return () => {
    const { videoWidth: width, videoHeight: height } = video
    if (drawing === null || width === 0) return null
    const side = Math.min(width, height)
    drawing.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, canvas.width, canvas.height)
    const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height)
    const read = decode(data, canvas.width, canvas.height, { inversionAttempts: 'dontInvert' })
    return read === null || read.data === '' ? null : read.data
  }
}
