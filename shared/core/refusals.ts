/** Every expected "no": code → HTTP status and the one Chinese sentence people read. Both sides use this table. */
export const REFUSALS = {
  // the request itself
  BAD_INPUT: [400, '填写的内容不对，请检查后再试'],
  UNKNOWN_KEY: [400, '提交的内容里有不认识的项目'],
  BAD_JSON: [400, '提交的内容读不出来'],
  TOO_LARGE: [413, '提交的内容太大了'],
  TOO_LONG: [400, '字数太多了，请写短一些'],
  REQUIRED: [400, '这一项必须填写'],
  NOT_FOUND: [404, '没有找到这条记录'],
  METHOD_NOT_ALLOWED: [405, '不支持这样操作'],
  TOO_MANY_REQUESTS: [429, '操作太快了，请稍等一会儿再试'],
  BUSY: [503, '现在人多，请稍等几秒再试'],
  IDEMPOTENCY_CONFLICT: [409, '同一个编号提交了不同的内容'],
  CHANGED_MEANWHILE: [409, '刚刚有人改过这条记录，请刷新再看'],
  SERVER_CLOCK: [503, '服务器的时间不对，暂时不能办理，请联系管理员'],
  INTERNAL: [500, '系统出了点问题，请稍后再试，或打社区电话'],
  // who is asking
  NOT_LOGGED_IN: [401, '请先登录'],
  TOKEN_EXPIRED: [401, '登录时间到了，请重新登录'],
  SESSION_ENDED: [401, '登录已经失效，请重新登录'],
  NOT_ALLOWED: [403, '您没有这项权限'],
  DEMO_ONLY: [404, '只有演示环境可以这样登录'],
  PERSON_UNKNOWN: [403, '这个手机号还没有登记，请联系社区'],
  LOGIN_CODE_WRONG: [401, '登录码不对，或者已经过期'],
  WECHAT_CODE_WRONG: [401, '微信登录没有成功，请再试一次'],
  WECHAT_UNREACHABLE: [503, '微信暂时连不上，请稍后再试'],
  // person
  NAME_FORM: [400, '姓名请写 2 到 30 个字，不要用表情符号'],
  ID_NUMBER_FORM: [400, '身份证号应是 18 位'],
  ID_NUMBER_DIGIT: [400, '身份证号最后一位不对，请再核对一遍'],
  ID_NUMBER_DATE: [400, '身份证号里的出生日期不存在'],
  ID_NUMBER_MISMATCH: [400, '身份证号和填写的生日或性别不一致'],
  ID_NUMBER_TAKEN: [409, '这个身份证号已经登记过了'],
  BIRTH_DATE: [400, '出生日期不存在'],
  BIRTH_IN_FUTURE: [400, '出生日期不能晚于今天'],
  PHONE_FORM: [400, '电话号码不对，请再核对一遍'],
  CONSENT_NEEDED: [400, '请先取得本人同意并登记'],
  // region
  REGION_UNKNOWN: [400, '没有这个村或社区'],
  REGION_OUTSIDE: [404, '没有找到这个地方'],
  REGION_CODE_TAKEN: [409, '这个区划代码已经用了'],
  REGION_NOT_EMPTY: [409, '这个地方还有下级或人员，不能撤销'],
  REGION_KIND: [400, '上下级的种类不合适'],
  SETTING_UNKNOWN: [400, '没有这个设置'],
  DATE_FORM: [400, '日期不存在'],
  DATE_ORDER: [400, '结束日期不能早于开始日期'],
  DATE_IN_PAST: [400, '不能改到过去的日期'],
  DATE_IN_FUTURE: [400, '不能晚于今天'],
  // elder
  ELDER_EXISTS: [409, '这位老人已经登记过了'],
  ELDER_ALIKE: [409, '这个村已经登记了同名、同一天出生的老人；确实是另一位，请勾选“核对过了，是另一位老人”再登记'],
  REQUIREMENT_INTERVAL: [400, '请写明间隔：每几天，或者情况发生后几小时；每周、每月、每季不用写'],
  SCORE_RANGE: [400, '能力评估的得分在 0 到 90 之间'],
  CATEGORY_HELD: [409, '已经有这个类别了'],
  EXIT_OVERLAPS: [409, '这段时间已经登记过暂停服务'],
  CONTACT_FULL: [409, '联系人最多 5 位'],
  CONTACT_INCOMPLETE: [400, '联系人的关系、姓名、电话要写全'],
  CHOICE_UNKNOWN: [400, '不是可选的写法，请照模板选'],
  REGION_AMBIGUOUS: [400, '有几个同名的村，请把镇街也写上'],
  IMPORT_FORMAT: [400, '这个文件读不出来，请用模板填写，存成 Excel 表或 CSV'],
  IMPORT_TEMPLATE: [400, '表头和模板不一样，请用模板填写'],
  IMPORT_EMPTY: [400, '表里没有要导入的行'],
  IMPORT_TOO_MANY: [400, '一次最多导入 5000 行，请分几次导入'],
  IMPORT_MERGED: [400, '表里有合并的单元格，请取消合并再试'],
  IMPORT_FORMULA: [400, '表里有公式，请粘贴成数值再试'],
  IMPORT_TOUCHED: [409, '这批里有老人的档案已经用过，不能整批撤销'],
  IMPORT_TOO_LATE: [409, '超过可以撤销的时间了'],
  PROXY_FULL: [409, '代办人最多 4 位'],
  PROXY_EXISTS: [409, '已经是代办人了'],
  PROXY_SELF: [400, '不能给自己当代办人'],
  // plate
  PLATE_UNKNOWN: [404, '这不是我们的门牌'],
  PLATE_REVOKED: [409, '这个牌子已经换过了'],
  PLATE_FOREIGN: [409, '这个牌子是别的地方的，请打牌子上的电话'],
  PLATE_KIND: [400, '这个码不能在这里用'],
  PLATE_STATE: [409, '这个牌子已经作废了'],
  // member and service
  MEMBER_EXISTS: [409, '这个人已经登记过了'],
  ROLE_CONFLICT: [409, '审计人员不能同时有别的岗位'],
  MEMBER_SUSPENDED: [409, '您的服务资格暂停了，请联系社区'],
  NOT_A_MEMBER: [403, '您还没有登记成志愿者，请联系社区'],
  SERVICE_UNKNOWN: [400, '没有这个服务项目'],
  SERVICE_CODE_TAKEN: [409, '这个项目代码已经用了'],
  SERVICE_NATURE: [409, '您的身份不能做这个项目'],
  TRAINING_NEEDED: [409, '做这个项目要先参加培训'],
  // order
  ORDER_NOT_OPEN: [409, '这个需求已经有人接了，或者取消了'],
  ORDER_NOT_YOURS: [409, '这个需求不是您接的'],
  ORDER_NOT_TAKEN: [409, '这个需求还没有人接'],
  ORDER_CLOSED: [409, '这个需求已经结束了'],
  ORDER_DAY: [400, '请选今天以后 30 天内的日子'],
  ORDER_TOO_MANY: [409, '还有好几个需求没完成，请先等一等'],
  SELF_SERVICE: [409, '不能给自己服务'],
  // visit
  VISIT_NOT_IN_PROGRESS: [409, '这次帮忙已经结束了'],
  CLOCK_WENT_BACK: [409, '时间不对，请检查手机时间'],
  ELDERS_NOT_TOGETHER: [400, '这几位老人不住在一起'],
  ELDER_ENDED: [409, '这位老人已经不在服务名单里'],
  CONFIRM_NOT_FINISHED: [409, '帮忙还没有结束，结束后再确认'],
  CONFIRM_OWN: [403, '自己做的服务，不能自己确认'],
  CONFIRM_ALREADY: [409, '已经确认过了'],
  CONFIRM_TOO_LATE: [409, '超过 24 小时不能改了，请打社区电话'],
  AUDIT_NOT_READY: [409, '这条记录还不能审核'],
  AUDIT_OWN: [403, '自己参与过的服务，不能自己审核'],
  AUDIT_RED_BATCH: [409, '红色异常要单独审核'],
  AUDIT_RED_POWER: [403, '红色异常要由审核员处理'],
  AUDIT_REASON: [400, '请选择理由'],
  AUDIT_RESOLUTION: [400, '请先处理异常，再通过'],
  AUDIT_OVERLAP: [409, '与另一次计入的服务时间重叠，不能通过'],
  // points
  POINTS_NOT_ENOUGH: [409, '积分不够'],
  AMOUNT: [400, '积分数量不对'],
  ACCOUNT_UNKNOWN: [404, '没有找到这个积分账户'],
  ACCOUNT_CLOSED: [409, '这个积分账户已经关闭'],
  PROGRAMME_MIXED: [409, '两个项目的积分不能混用'],
  UNBALANCED: [500, '账不平，没有记账'],
  ALREADY_POSTED: [409, '这笔已经记过账了'],
  ALREADY_REVERSED: [409, '这笔已经冲正过了'],
  NOT_REVERSIBLE: [409, '这笔不能冲正'],
  HOLD_RESOLVED: [409, '这笔预留已经处理过了'],
  HOLD_EXPIRED: [409, '这笔预留已经过期'],
  ACCOUNT_HELD: [409, '还有预留的积分没有处理，请先处理'],
  REQUEST_DECIDED: [409, '这个申请已经处理过了'],
  REQUEST_OWN: [403, '自己提出的、给自己的，要由别人来办'],
  EVIDENCE_NEEDED: [400, '请先登记凭据'],
  QUOTA_USED: [409, '这个月手工记分的额度用完了'],
  NO_SCHEME: [409, '这里还没有积分规则'],
  // scheme
  SCHEME_WRONG: [409, '规则里有错误，请先改好'],
  SCHEME_STATE: [409, '这份草稿现在不能这样做，请刷新再看'],
  SCHEME_TWO_PERSONS: [403, '提交的人不能自己发布，请另一个人来'],
  SCHEME_PAST: [409, '不能从过去的日子开始，已经发生的服务按当天的规则算'],
  SCHEME_OVERLAP: [409, '这个地方从那天起已经有发布了的规则'],
  TRIAL_SPAN: [400, '请选不超过两年、到今天为止的日子'],
  // what a scheme says no to
  AGE: [409, '年龄不在规则的范围里'],
  NOT_SERVED: [409, '不在服务对象的范围里'],
  HELPER_RULE: [409, '不在可以登记的范围里'],
  REDEEM_KIND: [409, '这里的规则不能换这一类'],
  GATE_HOURS: [409, '服务时长还不够，不能兑换'],
  RELATION: [409, '规则不允许给这种关系的人'],
  MONTH_USED: [409, '这个月的兑换次数用完了'],
  QUARTER_USED: [409, '这个季度的兑换次数用完了'],
  YEAR_USED: [409, '今年的兑换次数用完了'],
  GIFT_CLOSED: [409, '这里的规则不能转赠积分'],
  YEAR_GIFT_USED: [409, '今年转赠的积分到上限了'],
  NOT_AGREED: [409, '还要有人同意'],
  DONATE_CLOSED: [409, '这里的规则不能这样捐赠'],
  DONATE_LEAST: [409, '捐得太少了'],
  CLOSING_RULE: [409, '这里的规则不是这样销户的'],
  REFERRER: [400, '介绍人要是本区县的志愿者，不能是本人'],
  KIN_UNKNOWN: [404, '没有找到这个人，请核对姓名和电话，或者请社区帮忙'],
  KIN_SELF: [400, '不能登记自己'],
  KIN_EXISTS: [409, '这位亲属已经登记过了'],
  KIN_STATE: [409, '这条亲属登记已经处理过了'],
  GIFT_STATE: [409, '这笔赠送已经处理过了'],
  GRANT_STATE: [409, '这一轮发放已经处理过了'],
  POOL_EMPTY: [409, '公益池里的积分不够'],
  // proof
  CERTIFICATE_EMPTY: [409, '这段时间没有可以证明的记录'],
  CERTIFICATE_TOO_LONG: [409, '这段时间的记录太多了，请分几段开'],
  CERTIFICATE_REVOKED: [409, '这份证明已经撤销了'],
  PROOF_NOT_READY: [409, '凭据还在生成，请过一会儿再来'],
  // redemption
  PRODUCT_UNKNOWN: [404, '没有这个兑换项目'],
  OUT_OF_STOCK: [409, '已经换完了'],
  REDEMPTION_FULFILLED: [409, '这个码已经领过了'],
  REDEMPTION_EXPIRED: [409, '这个码已经过期，积分已退回'],
  REDEMPTION_CANCELLED: [409, '这个兑换已经取消，积分已退回'],
  REDEMPTION_OTHER_POINT: [409, '这个码要到另一个兑换点领'],
  REDEMPTION_CODE: [404, '没有这个兑换码'],
  POINT_UNKNOWN: [400, '没有这个兑换点'],
  REDEMPTION_REVERSED: [409, '这个码发错了，已经冲正，积分已退回'],
  REDEMPTION_NOT_FULFILLED: [409, '只有已经领走的才能冲正'],
  REDEMPTION_SETTLED: [409, '这笔已经结算给兑换点，不能再冲正'],
  REVERSE_OWN: [403, '自己发的、自己换的，要由别人来冲正'],
  TOO_MANY_AT_ONCE: [400, '一次换得太多了'],
  WHO_RULE: [409, '这一项只给规定的人'],
  EXPRESSION: [400, '规则写得不对，请检查'],
  MEAL_TAKEN: [409, '今天这一顿已经领过了'],
  MEAL_LATE: [409, '这顿饭记得太晚了，请社区核实'],
  SETTLEMENT_MONTH: [409, '这个月还没过完，过完再结算'],
  SETTLEMENT_EMPTY: [409, '这个月没有要结算的'],
  SETTLEMENT_PAID: [409, '这张结算单已经付过了'],
  SETTLEMENT_TWO_PERSONS: [403, '开结算单的人不能自己确认付款'],
  CLOSING_DAY: [400, '不能给还没到的日子日结'],
  // report
  REPORT_PERIOD: [400, '没有这个时期，请重新选'],
  REPORT_FUTURE: [400, '这段时间还没有开始'],
  REPORT_RUNNING: [409, '这份报表正在生成，请等一会儿'],
  REPORT_NOT_READY: [409, '这份报表还没有生成好'],
  REPORT_NOT_OVER: [409, '生成的时候这段时间还没过完，请过完后重新生成再定稿'],
  REPORT_TWO_PERSONS: [403, '生成报表的人不能自己定稿，请另一个人来'],
  REPORT_SAME: [409, '和上一版没有不同，不用再定稿'],
  // what was done without a network
  QUEUE_REPLAY: [409, '这条记录和以前传过的对不上'],
  QUEUE_GAP: [409, '前面还有记录没传到，请重试'],
  QUEUE_FOREIGN: [409, '这部手机上的记录是别人的'],
  // money behind redemptions
  FUND_EXHAUSTED: [409, '这笔兑换资金今年用完了，积分还在，请问社区'],
  FUND_NONE: [409, '今年还没有资金支持这项兑换，积分还在，请问社区'],
  FUND_BELOW_DRAWN: [409, '预算不能少于已经用掉和答应出去的'],
  FUND_CHANGE_WAITS: [409, '这条资金线还有一个修改在等人批准'],
  FUND_CHANGE_DECIDED: [409, '这个修改已经处理过了'],
  FUND_TWO_PERSONS: [403, '自己提出的修改，要由另一个人来批'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

export type RefusalCode = keyof typeof REFUSALS

/** Facts that go with a refusal: the field it is about, numbers for the reader. Never personal data. */
export type RefusalDetail = { field?: string } & Record<string, unknown>

/** The one expected "no". Anything else that is thrown is a bug. */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly detail: RefusalDetail = {},
  ) {
    super(code)
    this.name = 'Refusal'
  }

  get status(): number {
    return REFUSALS[this.code][0]
  }

  get sentence(): string {
    return REFUSALS[this.code][1]
  }
}

/** Throws when a rule or policy gave a reason; does nothing for null. */
export function refuse(code: RefusalCode | null, detail?: RefusalDetail): void {
  if (code !== null) throw new Refusal(code, detail)
}
