export default definePageConfig({ navigationBarTitleText: '送积分' })
