export default definePageConfig({ navigationBarTitleText: '证明与对账单' })
