import { Button, QRCode } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ScreenView } from '../../../shared/plate/view'
import { Empty, Loading } from '../components/states'
import { get, post } from '../core/call'
import { failureFrom } from '../core/use-action'
import './kiosk.css'

type Phase = ScreenView['phase']
type Read = { view: ScreenView; at: number }

const PHASES: readonly { value: Phase; words: string }[] = [
  { value: 'in', words: '来了扫' },
  { value: 'out', words: '走了扫' },
]

const TICK_MS = 1000
/** How often it is asked who came; the code itself is asked for when its step is over. */
const ASK_EVERY_MS = 5000

/** Fills the tablet: one big code, how many are in service, and who scanned last. */
export function KioskScreen({ id, onClose }: { id: string; onClose: () => void }) {
  const frame = useRef<HTMLDivElement>(null)
  const [phase, setPhase] = useState<Phase>('in')
  const { read, trouble, now } = useScreen(id, phase)
  useWakeLock()
  const close = async () => {
    await post(`/screens/${id}/closing`).catch(() => undefined)
    if (document.fullscreenElement !== null) await document.exitFullscreen().catch(() => undefined)
    onClose()
  }
  const left = read === null ? 0 : read.view.secondsLeft - (now - read.at) / 1000
  // the server takes this step and the one before
  const isFresh = read !== null && read.view.token !== null && left + read.view.stepSeconds > 0
  return (
    <div className="kiosk" ref={frame}>
      {read === null && trouble === null && <Loading rows={3} />}
      {read !== null && (
        <>
          <h1>{read.view.name}</h1>
          <div className="row">
            {PHASES.map(({ value, words }) => (
              <Button
                key={value}
                size="large"
                type={value === phase ? 'primary' : 'default'}
                aria-pressed={value === phase}
                onClick={() => setPhase(value)}
              >
                {words}
              </Button>
            ))}
          </div>
          {isFresh && read.view.token !== null && read.view.phase === phase ? (
            <div className="kiosk-code" role="img" aria-label={`${phase === 'in' ? '来了扫' : '走了扫'}的二维码`}>
              <div className="kiosk-quiet" aria-hidden="true">
                <QRCode
                  value={`${window.location.origin}/r/${read.view.token}`}
                  type="svg"
                  size={600}
                  errorLevel="M"
                  color="#000000"
                  bgColor="#ffffff"
                  bordered={false}
                />
              </div>
            </div>
          ) : (
            <div className="kiosk-code kiosk-none" role="status">
              {trouble === null ? '正在换新的码' : `${trouble}。码出不来，请先扫门牌，或记在纸单上`}
            </div>
          )}
          <p className="kiosk-now" role="status">
            现在 <strong>{read.view.serving}</strong> 人在帮忙　{phase === 'in' ? '来了' : '走了'}{' '}
            <strong>{read.view.scanned}</strong> 人{read.view.lastName !== null && `　刚才是${read.view.lastName}`}
          </p>
          <p className="t2">
            {trouble !== null && isFresh ? `${trouble}，这个码快过时了` : `${Math.max(0, Math.ceil(left))} 秒后换新的`}
          </p>
        </>
      )}
      {read === null && trouble !== null && (
        <Empty icon="offline" title={trouble}>
          <p className="t3">连上网络会自己再试。</p>
        </Empty>
      )}
      <div className="row no-print">
        <Button onClick={() => void frame.current?.requestFullscreen?.()}>铺满屏幕</Button>
        <Button onClick={() => void close()}>收起大屏</Button>
      </div>
    </div>
  )
}

/** Asks again when the step of the code is over, and in between for who came. */
function useScreen(id: string, phase: Phase): { read: Read | null; trouble: string | null; now: number } {
  const [read, setRead] = useState<Read | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [now, setNow] = useState(() => performance.now())
  const busy = useRef(false)
  const askedAt = useRef(Number.NEGATIVE_INFINITY)

  const ask = useCallback(async () => {
    if (busy.current) return
    busy.current = true
    askedAt.current = performance.now()
    try {
      const view = await get<ScreenView>(`/screens/${id}`, { phase })
      setRead({ view, at: performance.now() })
      setTrouble(view.token === null ? '这个大屏已经收起，或开得太久了' : null)
    } catch (error) {
      setTrouble(failureFrom(error).sentence)
    }
    busy.current = false
  }, [id, phase])

  useEffect(() => {
    void ask()
    const timer = setInterval(() => setNow(performance.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [ask])
  useEffect(() => {
    const isOver = read !== null && now - read.at >= read.view.secondsLeft * 1000
    const isOther = read !== null && read.view.phase !== phase
    if (now - askedAt.current >= (isOver || isOther ? TICK_MS : ASK_EVERY_MS)) void ask()
  }, [now, read, phase, ask])
  return { read, trouble, now }
}

/** A tablet that goes dark shows no code. */
function useWakeLock(): void {
  useEffect(() => {
    const lock = navigator.wakeLock?.request('screen').catch(() => null)
    return () => void lock?.then((held) => held?.release())
  }, [])
}
