export default definePageConfig({ navigationBarTitleText: '我的爱心分' })
