"""Words that claims are read by: what says nothing, what says the same, and what tells two cases apart.

Plain data. English words are lower case, as they are written (`claims` stems them); Korean ones are Kiwi's morphemes or
what a sentence holds. It is for help centres: plans, deliveries, refunds, devices, accounts.
"""

from __future__ import annotations

_STOP = """
a able about above after again all allowed also although an and any are aren as at available back be because been
before being below between both business but by can cannot could day days did do does doesn dollar dollars don
done during each eur even every first for from gb gbp get gets give gives go goes got had has have having he here
hour hours how however i if in include included includes into is isn it its just kb krw last least less let lets
like limit limited ll long longer made make makes many max maximum may mb might min minimum minute minutes month
months more most much must my need needs never no not note of on once one ones only onto or other our over own
part per percent please possible re require required s same second seconds shall she should since so some still
such t take takes tb than that the their them then there these they this those though through till time times to
too under until up us usd use used using ve very via want wants was we week weeks were what when where whether
which while who whom whose why will with within without won working would year years yes yet you your
가 가능 개 개월 건 것 경우 고객 곳 그 그리고 기간 기준 기한 까지 꼭 날 내 네 년 다섯 다시 다음 달 대 대하 더 동안
되 두 뒤 드리 등 따르 때 또 또는 매달 매월 며칠 명 모두 못 무료 및 바로 반드시 받 번 보 부 부터 분 불가 불가능
사용 사항 세 수 시 시간 쓰 아래 아홉 안 안내 않 약 언제 언제든 없 여기 여덟 여섯 열 영업 오 오전 오후 원 월 위
위하 유효 유효기간 이 이내 이루어지 이상 이용 이하 일 일곱 있 자 장 저 저희 전 정도 제한 주 중 지나 쯤 초 최대
최소 통하 평일 필수 필요 하 한 한도 확인 회 후
"""
STOP = frozenset(_STOP.split())
"""Words that do not say what a sentence is about."""

_WAY = """
go open navigate select choose click tap press menu page tab screen under admin center centre portal console
이동 페이지 메뉴 탭 화면 누르 클릭 선택 들어가 열 관리 센터 포털 콘솔
"""
WAY = frozenset(_WAY.split())
"""Words that lead through a menu, and do not say what for."""

SAME: tuple[str, ...] = (
    "refund refunded refunds refundable reimburse reimbursed reimbursement money return returns returned send sent",
    "delete deletes deleted deleting remove removes removed erase erased",
    "buy bought purchase purchased purchases order orders ordered",
    "fee fees charge charged charges cost costs price prices flat pay",
    "cancel cancelled canceled cancelling cancellation cancellations terminate terminated",
    "mail email emails e-mail emailed",
    "expire expires expired expiry expiration valid validity",
    "invite invites inviting invited add adds adding added",
    "teammate teammates member members colleague colleagues user users people person persons",
    "ship ships shipped shipping deliver delivered delivery deliveries dispatch dispatched arrive arrives arrived",
    "support agent agents team helpdesk",
    "attachment attachments file files upload uploads uploaded document documents",
    "keep kept keeps stay stays stored store stores retain retained retention",
    "log login logged sign signed signin session sessions logout",
    "activity inactivity inactive idle active",
    "household family",
    "code codes coupon coupons voucher promo",
    "combined combine together",
    "box boxes parcel parcels package packages",
    "name rename label",
    "refer referral referred recommend",
    "credit credits points balance",
    "damaged broken damage",
    "pause paused pausing skip suspend suspended hold",
    "download downloads export exports exported",
    "rate limits quota",
    "answer answers answered reply replies respond response",
    "old legacy previous",
    "end ends ended switched shut stop stops stopped discontinue discontinued retire retired",
    "restart restarts restarted reboot reboots rebooted",
    "change changes changed edit edited edits update updates updated modify modified switch switched",
    "phone phones mobile smartphone",
    "restore restores restored recover recovered recovery",
    "receive receives received",
    "ask asks asked request requests requested apply claim claims claimed",
    "account accounts profile",
    "plan plans subscription subscriptions membership",
    "customer customers buyer buyers",
    "device devices machine machines",
    "password passwords passcode",
    "internet offline online connection network",
    "two-factor 2fa two-step mfa factor",
    "report reports reported reporting notify notified",
    "photo photos picture pictures image images",
    "open opens opened start starts started begin begins",
    "wait waits waited",
    "warranty guarantee guaranteed",
    "retry retries retried retrying try tries tried attempt attempts",
    "book booked books booking bookings reserve reserved reservation reservations",
    "discount discounts discounted off reduction",
    "close closed closes closing",
    "find found see view",
    "failed fails fail declined unsuccessful",
    "course courses class classes lesson lessons",
    "room rooms stay",
    "welcome permitted",
    "enter entered type",
    "bring carry",
    "last lasts lasted",
    "환불 반품 돌려받 환급",
    "구매 주문 결제 구입 결제일 구매일",
    "배송 배달 발송 출고",
    "수령 도착",
    "삭제 지우 제거 탈퇴",
    "변경 바꾸 수정 고치 바뀌",
    "신청 요청 접수 문의",
    "해지 취소 중단 종료 끝나 끝내",
    "등록 추가 올리 업로드 첨부",
    "파일 첨부",
    "요금 비용 금액 가격 수수료",
    "계정 회원 아이디",
    "복구 복원 되살리",
    "고객센터 상담 상담원 고객지원",
    "운영 열",
    "로그인 접속 세션 로그아웃 로그",
    "쉬 일시정지 정지 중지 멈추",
    "추천 소개 친구",
    "호출 요청",
    "발행 발급",
    "부수 파손 깨지",
    "답변 회신 답",
    "이름 별명 닉네임",
    "비밀번호 암호",
    "위약금 공제",
    "이메일 메일",
    "기기 장치 단말기",
    "적립금 포인트",
    "사진 이미지",
    "보관 저장 유지",
    "구독 요금제 멤버십",
    "인증번호 인증 코드",
    "배송지 주소 주소록",
    "가족 구성원 인원",
    "재시작 재부팅 켜",
    "지급 제공",
    "할인 할인율 할인받",
    "틀리 잘못 오류",
    "예약 부킹",
    "탈퇴 폐쇄",
    "입장 출입 들어가",
    "동반 함께 데리",
    "충전 완충",
    "영수증 증빙",
    "내려받 다운로드",
    "교체 갈",
    "누르 클릭 선택 탭",
    "도움 지원",
)
"""Each line is one meaning."""

_EN_CONTRASTS: tuple[tuple[str, ...], ...] = (
    ("monthly|month-to-month", "yearly|annual|annually", "weekly", "daily", "quarterly"),
    ("free plan|free accounts?|free tier|free version", "basic", "starter", "standard", "pro|professional",
     "premium", "plus", "team plan|teams plan", "business(?! days?)", "enterprise", "solo", "duo", "family",
     "student|students", "personal", "individual", "trial", "lite", "gold", "silver", "bronze", "platinum",
     "ultimate"),
    ("ios|iphones?|ipads?", "android|galaxy", "windows", "mac|macos|macbook", "linux|ubuntu",
     "chromebooks?|chromeos"),
    ("web|browser|website|online store", "desktop", "mobile|phone|app", "tablets?",
     "in store|in-store|shops?|retail", "by phone|call"),
    ("domestic|domestically|within the country", "international|internationally|abroad|overseas|foreign"),
    ("eu|europe|european", "us|usa|united states|america", "uk|united kingdom|britain", "korea|korean",
     "japan|japanese", "canada|canadian", "australia", "asia", "china", "singapore", "germany", "france",
     "islands?|remote areas?|jeju", "mainland", "seoul"),
    ("credit cards?|debit cards?|cards?", "bank transfers?|wire|direct debit", "paypal", "kakao pay|kakaopay",
     "naver pay", "cash on delivery", "gift cards?|vouchers?", "apple pay", "google pay",
     "store credit|credits?", "crypto|bitcoin"),
    ("new customers?|new users?|new members?|new accounts?|first-time", "existing|returning|current customers?"),
    ("admins?|administrators?", "owners?", "members?|regular users?", "guests?", "viewers?", "editors?",
     "moderators?", "managers?"),
    ("(?<!not )(?<!not been )(?<!never )(?:opened|used|worn)", "unopened|unused|unworn|sealed"),
    ("weekdays?|monday to friday|business days", "weekends?|saturdays?|sundays?", "holidays?"),
    ("standard|regular|economy|normal", "express|priority|next-day|overnight", "same-day", "expedited",
     "pickup|pick-up", "large items?|bulky|oversized|furniture", "small items?|small parcels?"),
    ("photos?|pictures?|images?", "videos?", "audio|music", "documents?|pdfs?", "spreadsheets?|csv"),
    ("per user|per person|each user|per member|per seat",
     "per workspace|per team|per organi[sz]ation|per company"),
    ("summer", "winter", "spring", "autumn"),
    ("children|kids|child|minors?", "adults?", "seniors?"),
    ("debit", "credit"),
    ("public", "private", "internal"),
    ("drafts?", "published"),
    ("wired|ethernet|cable", "wireless|wi-?fi", "bluetooth", "usb|usb-c"),
    ("2\\.4 ?ghz", "5 ?ghz"),
    ("morning|dawn", "daytime|afternoon", "evening|night"),
    ("perishable\\w*|fresh|food|groceries|frozen", "electronics?|electronic devices?|appliances?",
     "clothing|clothes|shoes", "books?", "digital|e-?books?|software|downloads?"),
    ("read|viewing|view", "write|writing"),
    ("32-bit|x86", "64-bit|x64", "arm|arm64"),
    ("red", "green", "blue", "amber|orange|yellow", "white"),
    ("hourly", "nightly"),
    ("cpu|cores?|processors?", "memory|ram", "disk|storage"),
    ("sandbox|test|staging", "production|live"),
    ("sellers?|merchants?|vendors?|hosts?", "buyers?|customers?|shoppers?|renters?"),
    ("small", "medium", "large", "extra large"),
    ("left", "right"),
    ("full refund|fully refund\\w*", "partial\\w*|half"),
)  # fmt: skip

_EN_MATTERS: tuple[tuple[str, ...], ...] = (
    ("refund\\w*|return\\w*|money back", "exchang\\w+", "repair\\w*|warrant\\w+", "replace\\w*", "trial"),
    ("text messages?|sms", "e-?mails?", "push", "voice|calls?", "chat"),
    ("upload\\w*|import\\w*", "download\\w*|export\\w*"),
    ("first", "second", "third"),
    ("password", "invitation|invite", "verification|confirmation|one-time", "access token|token|api key",
     "session"),
    ("subscriptions?|plans?|membership", "devices?|hardware|hubs?|routers?", "tickets?|events?"),
    ("incoming|received|inbound", "outgoing|sent|outbound"),
    ("damaged|broken|defective|faulty", "missing|lost", "wrong|incorrect", "change of mind|changed your mind"),
    ("request(?:s|ed)? (?:to )?(?:cancel|delet|clos)\\w*", "reactivat\\w+"),
    ("reset\\w*|factory", "pair|pairing|connect\\w*", "restart\\w*|reboot\\w*",
     "turns? (?:it |the \\w+ )?off|shut\\w* down", "updat\\w*", "install\\w*", "charging"),
    ("kept|held", "delivered|shipped|arrives?|delivery", "processed|reviewed|approved"),
    ("issued|sent|created", "paid|due|overdue"),
)  # fmt: skip

_KO_CONTRASTS: tuple[tuple[str, ...], ...] = (
    ("월간|월 구독|월정액|매월 결제", "연간|연 구독|연정액|1년 약정|2년 약정", "주간 구독"),
    ("무료 요금제|무료 플랜|무료 계정|무료 회원|무료 버전", "베이직|기본 요금제", "스탠다드|스탠더드|표준",
     "프로(?!그|필|모|젝)", "프리미엄", "플러스", "비즈니스|기업용|팀 요금제|팀 플랜", "엔터프라이즈", "솔로",
     "듀오", "패밀리", "학생", "개인용|개인 요금제", "체험", "라이트", "골드", "실버", "브론즈",
     "플래티넘|VIP|vip"),
    ("아이폰|아이패드|ios", "안드로이드|갤럭시", "윈도우|윈도|windows", "맥북|맥os|macos|맥에서|맥용|mac(?!ro)",
     "리눅스"),
    ("웹|홈페이지|브라우저|웹사이트|pc", "모바일|앱|휴대폰|스마트폰", "태블릿", "매장|오프라인", "전화|유선"),
    ("국내", "해외|국제|외국"),
    ("제주|도서|산간|섬", "일반 지역|내륙|그 외 지역|육지", "수도권|서울|경기", "일반 배송|기본 배송|택배 배송",
     "새벽|당일"),
    ("일본", "미국", "싱가포르", "한국", "중국", "유럽", "영국", "독일", "대만", "베트남"),
    ("부산", "서울", "대구", "대전", "광주", "인천"),
    ("신용카드|체크카드|카드 결제|카드로|카드는|카드 환불", "계좌이체|무통장|계좌 입금", "카카오페이",
     "네이버페이", "페이팔", "휴대폰 결제|휴대폰 소액|소액결제", "상품권|기프트카드", "토스", "적립금|포인트",
     "가상계좌"),
    ("신규|첫 구매|처음 가입|새로 가입", "기존|재구매|재가입"),
    ("관리자|운영자", "소유자|대표", "일반 회원|구성원|멤버|팀원|회원은", "게스트|손님", "편집자", "열람자|뷰어"),
    ("법인|기업|사업자", "개인"),
    ("개봉한|개봉 ?후|개봉하면|사용한|착용한", "미개봉|개봉 ?전|개봉하지 않은|사용하지 않은|미사용|새 상품"),
    ("평일|주중", "주말|토요일|일요일", "공휴일|명절|설|추석"),
    ("일반 배송|기본 배송|보통|택배", "특급|빠른 배송|익일", "새벽 ?배송", "당일 ?배송", "예약 ?배송|설치 ?배송",
     "대형|가구|설치", "소형", "직접 수령|방문 수령"),
    ("사진|이미지", "동영상|영상|비디오", "음악|음원|오디오", "문서|pdf", "첨부 ?파일"),
    ("봄", "여름|6~9월|하절기", "겨울|동절기"),
    ("어린이|아동|미성년|청소년", "성인|어른", "경로|노인|시니어"),
    ("(?<!비)공개", "비공개", "내부"),
    ("유선|랜선|이더넷", "무선|와이파이|wi-?fi", "블루투스", "usb"),
    ("2\\.4 ?ghz", "5 ?ghz"),
    ("새벽", "주간|낮", "저녁|야간|밤"),
    ("신선|식품|냉동|냉장|음식", "전자 ?제품|가전|전자 ?기기", "의류|옷|신발", "도서 상품|책",
     "디지털|전자책|소프트웨어"),
    ("판매자|셀러|호스트|입점", "구매자|고객|소비자|게스트"),
    ("테스트|샌드박스|개발", "운영 환경|실서비스|라이브"),
    ("세금계산서", "현금영수증", "거래명세서"),
    ("빨간|빨강|적색", "초록|녹색", "파란|파랑|청색", "주황|노란|노랑|황색", "흰|하얀|백색"),
    ("전액", "일부|부분|절반"),
    ("국산|국내산", "수입"),
    ("소형|작은", "중형", "대형|큰"),
    ("교통카드", "신분증|여권"),
    ("출금|인출|송금|이체", "입금|충전"),
    ("세탁|물세탁", "건조|드라이"),
    ("충전 시간|충전하는|충전에는|완충", "사용 시간|재생|연속|배터리 시간"),
    ("왼쪽|좌측", "오른쪽|우측"),
)  # fmt: skip

_KO_MATTERS: tuple[tuple[str, ...], ...] = (
    ("환불|반품", "교환", "수리|as|a/s|보증", "체험"),
    ("문자|sms", "이메일|메일", "푸시", "전화|통화|ars", "채팅|카카오톡|카톡"),
    ("업로드|가져오기|불러오", "다운로드|내보내기|내려받"),
    ("비밀번호|암호", "초대", "인증번호|본인 ?인증", "토큰|api", "세션|로그인"),
    ("구독|요금제|멤버십", "기기|허브|공유기|단말기", "티켓|공연|항공권|숙박"),
    ("파손|불량|하자|고장", "누락|분실", "오배송", "단순 ?변심|변심"),
    ("첫 ?번째|1차|첫", "두 ?번째|2차", "세 ?번째|3차"),
    ("발급|발행", "취소|수정"),
    ("접수|신청 후 확인", "처리|심사"),
    ("초기화", "연결|페어링", "재시작|다시 시작|재부팅", "꺼[지집]|끄[면려]|종료하려면", "업데이트", "설치"),
    ("보관", "배송[은는이에됩]|배달|발송[은는이에됩]", "처리|심사"),
)  # fmt: skip

SIDES = {
    "en": ("before|until|prior to", "after|once|since"),
    "ko": ("전에는?|전까지는?|이전|[가-힣] 전 ", "후에는?|뒤에는?|이후|[가-힣]면 "),
}
"""Before and after something: one may well be denied what the other is granted."""

CONTRASTS = {"en": _EN_CONTRASTS + _EN_MATTERS, "ko": _KO_CONTRASTS + _KO_MATTERS}
"""Groups of cases that exclude each other, each case a regular expression."""

MATTERS = {
    "en": range(len(_EN_CONTRASTS), len(CONTRASTS["en"])),
    "ko": range(len(_KO_CONTRASTS), len(CONTRASTS["ko"])),
}
"""The groups of what an article is about. What stands under another heading may well be said by the way."""
