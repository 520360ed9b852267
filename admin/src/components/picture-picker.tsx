import { Icon } from './icon'

/** The pictures a service or a product may carry, and what each shows. */
const PICTURES = {
  chat: '说话',
  shopping: '购物',
  'hospital-escort': '看病',
  bill: '缴费',
  law: '法律',
  'device-help': '手机',
  book: '学习',
  music: '娱乐',
  bus: '出行',
  phone: '电话',
  broom: '打扫',
  meal: '吃饭',
  bath: '洗澡',
  heart: '康复',
  scissors: '理发',
  siren: '急事',
  gift: '礼品',
  eggs: '鸡蛋',
  rice: '米面',
  soap: '日用',
} as const

interface PicturePickerProps {
  id?: string
  value?: string
  onChange?: (icon: string) => void
}

export function PicturePicker({ id, value, onChange }: PicturePickerProps) {
  return (
    <div id={id} role="radiogroup" aria-label="图" className="pictures why">
      {Object.entries(PICTURES).map(([icon, words]) => (
        <label key={icon} className={icon === value ? 'on' : ''}>
          <input
            type="radio"
            name={`picture-${id ?? ''}`}
            value={icon}
            checked={icon === value}
            onChange={() => onChange?.(icon)}
          />
          <Icon name={icon} />
          <span className="small">{words}</span>
        </label>
      ))}
    </div>
  )
}
