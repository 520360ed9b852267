import { Button } from 'antd'
import { fullTime } from '../core/format'
import { now } from '../core/today'
import { Icon } from './icon'

/** On paper only: what this is, of where and when, and when it was printed. */
export function PrintHeader({ title, scope }: { title: string; scope: string }) {
  return (
    <div className="print-only">
      <div className="print-head">
        <h1>{title}</h1>
        <span>{scope}</span>
      </div>
    </div>
  )
}

/** On paper only: who made it, who checked it, the seal. */
export function PrintFooter({ by }: { by: string }) {
  return (
    <div className="print-only">
      <div className="signs">
        <span>制表人：{by}</span>
        <span>审核人：</span>
        <span>盖章：</span>
      </div>
      <p>打印时间 {fullTime(now())}。姓名已脱敏，仅供工作使用。</p>
    </div>
  )
}

export function PrintButton({ children = '打印' }: { children?: string }) {
  return (
    <Button icon={<Icon name="print" size={18} />} onClick={() => window.print()}>
      {children}
    </Button>
  )
}
