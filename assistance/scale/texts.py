"""Texts in six languages, put together by chance from words of the field: enough for searches, not to be read."""

import random
from collections.abc import Mapping
from functools import cache

from django.conf import settings

WORDS: Mapping[str, str] = {
    "en": "training analysts financing terrorism border customs law prosecutors judges evidence aviation security prisons "
    "victims support cooperation regional centre database identity documents travel screening advance passenger data weapons "
    "trafficking maritime ports police investigations digital forensics banks charities risk assessment strategy national "
    "plan coordination prevention education youth communities dialogue rehabilitation reintegration",
    "fr": "formation analystes financement terrorisme frontière douanes loi procureurs juges preuves aviation sécurité prisons "
    "victimes soutien coopération régional centre données identité documents voyage contrôle préalable passagers armes "
    "trafic maritime ports police enquêtes numérique criminalistique banques associations risque évaluation stratégie national "
    "plan coordination prévention éducation jeunesse communautés dialogue réadaptation réintégration",
    "es": "capacitación analistas financiación terrorismo frontera aduanas ley fiscales jueces pruebas aviación seguridad "
    "prisiones víctimas apoyo cooperación regional centro datos identidad documentos viaje control anticipado pasajeros armas "
    "tráfico marítimo puertos policía investigaciones digital forense bancos asociaciones riesgo evaluación estrategia nacional "
    "plan coordinación prevención educación juventud comunidades diálogo rehabilitación reintegración",
    "ru": "обучение аналитики финансирование терроризм граница таможня закон прокуроры судьи доказательства авиация "
    "безопасность тюрьмы жертвы поддержка сотрудничество региональный центр данные личность документы поездка проверка "
    "пассажиры оружие торговля морской порты полиция расследования цифровой криминалистика банки объединения риск оценка "
    "стратегия национальный план координация предупреждение образование молодежь общины диалог реабилитация реинтеграция",
    "ar": "تدريب محللون تمويل إرهاب حدود جمارك قانون مدعون قضاة أدلة طيران أمن سجون ضحايا دعم تعاون إقليمي مركز بيانات هوية "
    "وثائق سفر فحص مسبق ركاب أسلحة اتجار بحري موانئ شرطة تحقيقات رقمي جنائي مصارف جمعيات مخاطر تقييم استراتيجية وطني خطة "
    "تنسيق منع تعليم شباب مجتمعات حوار تأهيل إدماج",
    "zh-hans": "培训 分析人员 资助 恐怖主义 边界 海关 法律 检察官 法官 证据 航空 安全 监狱 受害者 支持 合作 区域 中心 数据 身份 "
    "文件 旅行 检查 预报 旅客 武器 贩运 海上 港口 警察 调查 数字 取证 银行 慈善机构 风险 评估 战略 国家 计划 协调 预防 教育 "
    "青年 社区 对话 改造 重返社会",
}  # fmt: skip
# Words for searches: in one text of a thousand, and in nine of ten.
RARE = {
    "en": "aerodrome", "fr": "aérodrome", "es": "aeródromo", "ru": "аэродром", "ar": "مطار", "zh-hans": "机场",
}  # fmt: skip
FREQUENT = {
    "en": "assistance", "fr": "assistance", "es": "asistencia", "ru": "помощь", "ar": "مساعدة", "zh-hans": "援助",
}  # fmt: skip
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@cache
def _words(language: str) -> list[str]:
    return WORDS[language].split()


def translated(chance: random.Random, field: str, words: int) -> dict[str, str]:
    """Return the columns of a translated field, with a text of so many words in each language.

    The same words are rare and frequent in all languages, so that one search finds as much in each.
    """
    rare, frequent = chance.random() < 0.001, chance.random() < 0.9
    found = {}
    for language in LANGUAGES:
        chosen = chance.choices(_words(language), k=words)
        chosen += [FREQUENT[language]] * frequent + [RARE[language]] * rare
        text = ("" if language == "zh-hans" else " ").join(chosen)
        found[f"{field}_{language.replace('-', '_')}"] = text[:1].upper() + text[1:]
    return {field: found[f"{field}_en"], **found}
