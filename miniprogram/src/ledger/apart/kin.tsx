import { View } from '@tarojs/components'
import { useState } from 'react'
import type { Relation } from '../../../../shared/scheme/document'
import { BigButton } from '../../components/button'
import { Mark } from '../../components/card'
import { errorOf, Picker, TextInput } from '../../components/field'
import { Page } from '../../components/page'
import { FailureLine } from '../../components/states'
import { post } from '../../core/call'
import { goBack } from '../../core/go'
import { useAction } from '../../core/use-action'

type Kind = Exclude<Relation, 'self'>
const RELATIONS: { value: Kind; words: string }[] = [
  { value: 'spouse', words: '配偶' },
  { value: 'parent', words: '父母' },
  { value: 'child', words: '子女' },
  { value: 'grandparent', words: '祖父母' },
  { value: 'grandchild', words: '孙子女' },
  { value: 'sibling', words: '兄弟姐妹' },
  { value: 'otherRelative', words: '其他亲属' },
  { value: 'friend', words: '朋友' },
]
const GIVE = '/ledger/apart/give'

/** 登记一位家人: by name and phone, as nobody may look through the register. The other one then says whether it is so. */
export default function KinPage() {
  const [relation, setRelation] = useState<Kind | null>(null)
  const [name, setName] = useState('')
  const [phone, setPhone] = useState('')
  const [done, setDone] = useState(false)
  const declare = useAction(async (id, kin: { relation: Kind; name: string; phone: string }) => {
    await post('/kin', { id, ...kin })
    setDone(true)
  })
  const whyNot =
    relation === null ? '先选他是您的什么人' : name.trim() === '' || phone.trim() === '' ? '写上姓名和电话' : null
  if (done)
    return (
      <Page title="登记家人" back={GIVE} foot={<BigButton onTap={() => goBack(GIVE)}>好的</BigButton>}>
        <Mark icon="check-circle" tone="ok" title="记下了" note={`${name}或社区确认后就能送`} />
      </Page>
    )
  return (
    <Page
      title="登记家人"
      back={GIVE}
      foot={
        <BigButton
          busy={declare.busy}
          whyNot={whyNot}
          onTap={() => relation !== null && declare.run({ relation, name: name.trim(), phone: phone.trim() })}
        >
          登记
        </BigButton>
      }
    >
      <View className="stack">
        <Picker name="relation" label="他是您的" options={RELATIONS} value={relation} onChange={setRelation} />
        <TextInput
          name="name"
          label="他的姓名"
          value={name}
          onChange={setName}
          maxLength={30}
          error={errorOf(declare.failure, 'name')}
        />
        <TextInput
          name="phone"
          label="他的电话"
          kind="phone"
          value={phone}
          onChange={setPhone}
          maxLength={20}
          help="要和社区登记的一样"
          error={errorOf(declare.failure, 'phone')}
        />
        {declare.failure?.field === undefined && <FailureLine failure={declare.failure} />}
      </View>
    </Page>
  )
}
