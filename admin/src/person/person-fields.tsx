import { Form, Input, Radio } from 'antd'
import { birthOf, normaliseIdNumber, sexOf, whyNotIdNumber } from '../../../shared/person/rules'
import { DayInput } from '../components/day-input'
import { REQUIRED } from '../core/rules'
import { today } from '../core/today'

/** A person as a form holds it: flat, so that a refusal of `person.idNumber` finds its field by the last word. */
export interface PersonValues {
  name: string
  sex?: 'male' | 'female' | 'unknown'
  birthDate?: string
  identityKind: 'idCard' | 'permit' | 'none'
  idNumber?: string
  phone?: string
}

/** The form's words as the server wants them: what was left empty is left out. */
export function personFrom(values: PersonValues) {
  const { name, sex, birthDate, identityKind, idNumber, phone } = values
  return {
    name: name.trim(),
    identityKind,
    sex: sex || undefined,
    birthDate: birthDate || undefined,
    idNumber: identityKind === 'none' ? undefined : idNumber?.trim() || undefined,
    phone: phone?.trim() || undefined,
  }
}

/** Name, identity, birth, sex, phone. A good ID number fills in birth date and sex; the server judges all of it again. */
export function PersonFields() {
  const form = Form.useFormInstance<PersonValues>()
  const kind = Form.useWatch('identityKind', form)

  function readIdNumber(text: string): void {
    const number = normaliseIdNumber(text)
    if (kind === 'idCard' && whyNotIdNumber(number, today()) === null)
      form.setFieldsValue({ birthDate: birthOf(number), sex: sexOf(number) })
  }

  return (
    <>
      <div className="pair">
        <Form.Item name="name" label="姓名" rules={REQUIRED}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="phone" label="电话（可不填）">
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
      </div>
      <Form.Item name="identityKind" label="证件">
        <Radio.Group
          options={[
            { value: 'idCard', label: '身份证' },
            { value: 'permit', label: '其他证件' },
            { value: 'none', label: '没有或暂不登记' },
          ]}
        />
      </Form.Item>
      {kind !== 'none' && (
        <Form.Item name="idNumber" label={kind === 'idCard' ? '身份证号' : '证件号'} rules={REQUIRED}>
          <Input maxLength={30} onBlur={(event) => readIdNumber(event.target.value)} />
        </Form.Item>
      )}
      <div className="pair">
        <Form.Item name="birthDate" label="出生日期">
          <DayInput max={today()} />
        </Form.Item>
        <Form.Item name="sex" label="性别">
          <Radio.Group
            options={[
              { value: 'male', label: '男' },
              { value: 'female', label: '女' },
            ]}
          />
        </Form.Item>
      </div>
    </>
  )
}
