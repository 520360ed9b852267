export default definePageConfig({ navigationBarTitleText: '我结对的老人' })
