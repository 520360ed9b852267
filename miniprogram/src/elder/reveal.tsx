import { View } from '@tarojs/components'
import { useState } from 'react'
import { Button } from '../components/button'
import { Sheet } from '../components/sheet'
import { FailureLine } from '../components/states'
import { post } from '../core/call'
import { dial } from '../core/dial'
import { useAction } from '../core/use-action'

type Field = 'phone' | 'address'
const PURPOSES: Record<Field, readonly string[]> = {
  phone: ['电话回访', '约上门时间', '核对资料'],
  address: ['上门探访', '换门牌', '核对资料'],
}
const TITLES: Record<Field, string> = { phone: '为什么要打电话？', address: '为什么要看地址？' }

/** One sealed field of an elder, opened for a purpose; the server writes down who opened it and why. */
export function readSealed(elderId: string, field: Field, purpose: string): Promise<{ value: string }> {
  return post(`/elders/${elderId}/reveals`, { field, purpose })
}

interface RevealProps {
  elderId: string
  field: Field
  /** Whose it is: for whoever hears the page. */
  name: string
}

/** Asks for the purpose, then shows the field; a telephone number is dialled at once. */
export function Reveal({ elderId, field, name }: RevealProps) {
  const [asking, setAsking] = useState(false)
  const [value, setValue] = useState<string | null>(null)
  const read = useAction(async (_id, purpose: string) => {
    const { value: opened } = await readSealed(elderId, field, purpose)
    setValue(opened)
    setAsking(false)
    if (field === 'phone') await dial(opened)
  })
  const words = field === 'phone' ? '打电话' : '看地址'
  if (value !== null)
    return field === 'phone' ? (
      <Button icon="phone" label={`${value}，给${name}打电话`} onTap={() => dial(value)}>
        {value}
      </Button>
    ) : (
      <View className="strong">{value}</View>
    )
  return (
    <>
      <Button icon={field === 'phone' ? 'phone' : 'eye'} label={`${words}，${name}`} onTap={() => setAsking(true)}>
        {words}
      </Button>
      {asking && (
        <Sheet title={TITLES[field]} onClose={() => setAsking(false)}>
          <View className="t2">会记下您是谁、为什么看</View>
          <FailureLine failure={read.failure} />
          {PURPOSES[field].map((purpose) => (
            <Button key={purpose} kind="line" className="btn-wide" busy={read.busy} onTap={() => read.run(purpose)}>
              {purpose}
            </Button>
          ))}
        </Sheet>
      )}
    </>
  )
}
