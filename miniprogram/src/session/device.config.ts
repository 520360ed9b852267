export default definePageConfig({ navigationBarTitleText: '签到用的手机' })
