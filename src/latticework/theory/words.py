"""The words in which the theory is told, in both languages."""

from __future__ import annotations

from typing import Final

Words = dict[str, str]

STATUS: Final[dict[str, Words]] = {
    "en": {
        "certain": "certain",
        "possible": "possible",
        "contradictory": "contradictory codings",
        "not covered": "not covered",
        "outside": "outside the framework",
        "not in being": "not in being",
    },
    "zh": {
        "certain": "确定",
        "possible": "可能",
        "contradictory": "取值相互矛盾",
        "not covered": "未覆盖",
        "outside": "不在框架之内",
        "not in being": "当时不存在",
    },
}

VERDICT: Final[dict[str, Words]] = {
    "en": {
        "agrees": "agrees",
        "differs": "differs",
        "open": "open",
        "not covered": "not covered",
    },
    "zh": {"agrees": "相符", "differs": "不符", "open": "未定", "not covered": "未覆盖"},
}

RECORD: Final[dict[str, Words]] = {
    "en": {
        "bilateral": "bilateral",
        "multilateral": "multilateral",
        "open": "open",
        "none": "none",
        "not covered": "not covered",
        "recorded": "recorded",
        "not named": "not named",
        "alliance": "alliance",
        "cooperation": "security cooperation",
        "never": "never came about",
    },
    "zh": {
        "bilateral": "双边",
        "multilateral": "多边",
        "open": "未定",
        "none": "无",
        "not covered": "未覆盖",
        "recorded": "有记录",
        "not named": "未述及",
        "alliance": "联盟",
        "cooperation": "安全合作",
        "never": "从未建立",
    },
}

SENTENCES: Final[dict[str, Words]] = {
    "en": {
        "expect": "{name}: on the codings of {claimant} the framework leads one to expect {forms} "
        "({status} on {day}).",
        "or": " or ",
        "and": " and ",
        "rule": "Rule: {gist}",
        "coding": "{variable}: {value}, says {claimant}. {gist}",
        "holds": "holds certainly {certain}, possibly {possible}",
        "certainly": "from {first} to {last}",
        "never certainly": "on no day",
        "unbounded": "unbounded",
        "not needed": "Not needed for it: {variables}. Under this rule another value changes "
        "nothing.",
        "set": "The paper does not choose among these forms; what remains is the set.",
        "note": "Note on the rule: {note}",
        "place": "{place}: {gist}",
        "contradictory": "Another expectation by the same claimant certainly holds on that day; "
        "both stand, neither is chosen.",
        "also": "The same form also follows from: {others}.",
        "why": "Because of {codings}, the framework leads one to expect {forms} (rule: {rule}).",
        "silent": "{name}: the framework says nothing on {day}. {reason}",
        "missing": "{claimant} gives no value of: {variables}.",
        "nobody": "Nobody codes its causes.",
        "outside": "It speaks of what the United States tends to choose, and the United States "
        "is no member.",
        "not in being": "The mechanism was not in being on that day.",
        "beyond": "The day lies outside what the sources cover.",
        "tension": "Beside the rules stands a tendency, which they do not use ({discrepancy}): "
        "{gist}",
        "circular": "The author who coded the causes also judged the outcomes, so agreement is "
        "partly circular and there is no total score.",
        "already": "{form} is already among what is left open: {forms}.",
        "why not": "For {form}, the least that would have to be coded otherwise:",
        "change": "{changes}; then: {forms}",
        "to": "{variable}: {value}",
        "is": "{variable} {value}",
    },
    "zh": {
        "expect": "{name}：依{claimant}的取值，框架预期其形式为{forms}（{day}，{status}）。",
        "or": "或",
        "and": "与",
        "rule": "规则：{gist}",
        "coding": "{variable}：{value}（{claimant}）。{gist}",
        "holds": "确定成立：{certain}；可能成立：{possible}",
        "certainly": "{first}至{last}",
        "never certainly": "无",
        "unbounded": "无界",
        "not needed": "此结论不需要：{variables}。依本规则，其取值如何均无影响。",
        "set": "论文未在这些形式之间取舍，所余为一个集合。",
        "note": "关于该规则：{note}",
        "place": "{place}：{gist}",
        "contradictory": "同一主张者另有一项预期在该日亦确定成立；两者并列，不作取舍。",
        "also": "由下列取值同样得出该形式：{others}。",
        "why": "因{codings}，框架预期其形式为{forms}（规则：{rule}）。",
        "silent": "{name}：框架对{day}无所言。{reason}",
        "missing": "{claimant}未就下列变量取值：{variables}。",
        "nobody": "无人对其原因取值。",
        "outside": "框架所论为美国倾向于选择何种形式，而美国并非其成员。",
        "not in being": "该机制当日不存在。",
        "beyond": "该日超出来源的覆盖范围。",
        "tension": "与规则并列而不为规则所用的趋向判断（{discrepancy}）：{gist}",
        "circular": "原因与结果由同一作者取值，相符有部分循环之嫌，故不计总分。",
        "already": "{form}已在所保留的形式之中：{forms}。",
        "why not": "若要得出{form}，至少须改变以下取值：",
        "change": "{changes}；则为：{forms}",
        "to": "{variable}：{value}",
        "is": "{variable}为{value}",
    },
}
