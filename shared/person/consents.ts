/** What people agree to, each for itself, with the words they agree to. New words get a new version; old ones stay readable. */
export const CONSENT_KINDS = ['service', 'identity', 'health', 'location', 'proxy'] as const
export type ConsentKind = (typeof CONSENT_KINDS)[number]

export type ConsentText = {
  title: string
  version: string
  /** what is done with it, for what, how long */
  text: string
  /** what happens when it is withdrawn; nothing that happened before becomes wrong by it */
  withdrawn: string
}

export const CONSENT_TEXTS: Record<ConsentKind, ConsentText> = {
  service: {
    title: '登记和服务',
    version: '2026-11',
    text: '为了安排和记录邻里互助，我们登记您的姓名、电话、住处和服务记录。服务记录和积分账按规定保存，别人改不了。',
    withdrawn: '不再登记和服务您。社区会收到您的注销申请，姓名、电话、住处办完就删掉。',
  },
  identity: {
    title: '身份证号',
    version: '2026-11',
    text: '身份证号只用来确认是您本人、避免重复登记，加密保存，查看要写明用途并留下记录。',
    withdrawn: '马上删掉身份证号，以后用姓名和电话核对。',
  },
  health: {
    title: '健康情况',
    version: '2026-11',
    text: '失能、重残等情况只用来安排合适的服务和探访次数，别的地方不用。',
    withdrawn: '马上停用失能、重残这些类别，探访按其他类别安排。',
  },
  location: {
    title: '位置',
    version: '2026-11',
    text: '开始和结束帮忙时各记一次位置，只用来证明人到了现场，其他时间不记。不给位置也能帮忙。',
    withdrawn: '以前记的位置马上删掉，以后也不再记，照样能帮忙。只留当时离门牌多少米。',
  },
  proxy: {
    title: '家人代办',
    version: '2026-11',
    text: '您登记的家人可以替您确认服务、请人帮忙、兑换东西。',
    withdrawn: '马上停掉所有代办人，要再请代办得重新登记。',
  },
}
