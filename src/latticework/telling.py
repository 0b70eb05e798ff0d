"""What changed and what the periods show, in sentences, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from latticework.attribution import Change, Event, moved
from latticework.periods import EPSILON, Period, Verdict, claims_of
from latticework.structure import MEASURES, Shares
from latticework.terms import label

NAMES = {
    "en": {
        "mediated": "mediated share",
        "convened": "convened share",
        "autonomous": "autonomous share",
        "dependence": "hub dependence",
        "dependence_hub_only": "hub dependence (hub only)",
    },
    "zh": {
        "mediated": "中介占比",
        "convened": "召集占比",
        "autonomous": "自主占比",
        "dependence": "枢纽依赖度",
        "dependence_hub_only": "枢纽依赖度（仅枢纽）",
    },
}
WORDS = {
    "en": {
        "began": "began",
        "ended": "ended",
        "joined": "joined",
        "left": "left",
        "before": "before",
        "after": "after",
        "change": "change",
        "all": "all",
        "yes": "yes",
        "no": "no",
        "certain": "certain",
        "possible": "possible",
        "rose": "rose",
        "fell": "fell",
        "unchanged": "unchanged",
        "not covered": "not covered",
        "not comparable": "not comparable",
        "no value": "no value",
        "borne out": "borne out",
        "not borne out": "not borne out",
        "borne out on part of the days": "borne out on part of the days",
        "left open by the dates": "left open by the dates",
        "mostly-mediated": "more than half of the pairs of partners are mediated",
        "mediated-falls": "the mediated share is lower at the end than at the beginning",
        "arrangement": "arrangement",
        "member": "member",
        "layer": "layer",
        "hub": "hub",
        "as it is": "as it is",
        "covered": "covered",
        "event": "event",
        "without": "without",
        "measure": "measure",
        "supposed": "supposed",
        "difference": "difference",
        "period": "period",
        "days": "days",
        "covered days": "covered days",
    },
    "zh": {
        "began": "开始",
        "ended": "终止",
        "joined": "加入",
        "left": "退出",
        "before": "之前",
        "after": "之后",
        "change": "变化",
        "all": "合计",
        "yes": "是",
        "no": "否",
        "certain": "确定",
        "possible": "可能",
        "rose": "上升",
        "fell": "下降",
        "unchanged": "不变",
        "not covered": "未覆盖",
        "not comparable": "不可比",
        "no value": "无值",
        "borne out": "得到印证",
        "not borne out": "未得到印证",
        "borne out on part of the days": "在部分日子得到印证",
        "left open by the dates": "日期不确定，未能定论",
        "mostly-mediated": "半数以上的伙伴对为中介",
        "mediated-falls": "期末的中介占比低于期初",
        "arrangement": "安排",
        "member": "成员",
        "layer": "层次",
        "hub": "枢纽",
        "as it is": "原状",
        "covered": "覆盖",
        "event": "事件",
        "without": "去除",
        "measure": "指标",
        "supposed": "假设",
        "difference": "差",
        "period": "时期",
        "days": "日子",
        "covered days": "覆盖天数",
    },
}
SENTENCES = {
    "en": {
        "space": " ",
        "head": "From {start} to {end}, {hub} as hub (n {n0} to {n1}, k {k0} to {k1}):",
        "course": "{measure} {trend} from {before:.3f} to {after:.3f} ({total:+.3f})",
        "same": "{measure} stayed at {before:.3f}",
        "join": "; ",
        "stop": ".",
        "began": "{arrangement} began{open}",
        "ended": "{arrangement} ended{open}",
        "joined": "{states} joined {arrangement}{open}",
        "left": "{states} left {arrangement}{open}",
        "open before": " (or was so before: the dates leave it open)",
        "open after": " (or only later: the dates leave it open)",
        "parts": "{event}: {parts}.",
        "part": "{measure} {part:+.3f}",
        "part error": "{measure} {part:+.3f} (± {error:.3f})",
        "comma": ", ",
        "nothing": "{event}: changes none of the measures.",
        "orders": (
            "The parts add up to the change. Each is what the event adds, averaged over all orders "
            "in which the events may have come."
        ),
        "drawn": (
            "The parts add up to the change. Each is what the event adds, averaged over {orders:,} "
            "orders drawn at random; ± is the standard error of that mean."
        ),
        "stand-ins": (
            "{number} of the webs on the way have fewer than two partners and count with the "
            "values of the first day."
        ),
        "different": (
            "{start} and {end} are not comparable: the sources do not cover {layers} alike on the "
            "two days. What began and ended is named, no part of a change is given."
        ),
        "uncovered": "{day} is not covered by the chosen sources: there is no value.",
        "valueless": "On {day} the hub has fewer than two partners: there is no value.",
        "no events": "Nothing surely began, ended, joined or left between {start} and {end}.",
        "largest": (
            "The largest changes of the whole period, by half the sum of the absolute changes of "
            "the three shares:"
        ),
        "moved": "{end}: the three shares moved by {share:.3f}",
        "none": "No change of the shares falls within what the chosen sources cover.",
        "claim": "{claimant} ({passages}): {gist}",
        "rule": "Held against the numbers: {rule}.",
        "verdict": (
            "{layer}, {span} days ({first} to {last}): {verdict}{share}; mediated {start} to {end}"
        ),
        "share": " ({share:.1%} of the days)",
    },
    "zh": {
        "space": "",
        "head": "{start} 至 {end}，以{hub}为枢纽（n 由 {n0} 到 {n1}，k 由 {k0} 到 {k1}）：",
        "course": "{measure}由 {before:.3f} {trend}至 {after:.3f}（{total:+.3f}）",
        "same": "{measure}保持在 {before:.3f}",
        "join": "；",
        "stop": "。",
        "began": "{arrangement}开始{open}",
        "ended": "{arrangement}终止{open}",
        "joined": "{states}加入{arrangement}{open}",
        "left": "{states}退出{arrangement}{open}",
        "open before": "（或此前已然：日期未能确定）",
        "open after": "（或更晚：日期未能确定）",
        "parts": "{event}：{parts}。",
        "part": "{measure} {part:+.3f}",
        "part error": "{measure} {part:+.3f}（± {error:.3f}）",
        "comma": "，",
        "nothing": "{event}：不改变任何指标。",
        "orders": "各部分之和等于总变化。每一部分为该事件的增量，按事件发生的所有可能次序取平均。",
        "drawn": (
            "各部分之和等于总变化。每一部分为该事件的增量，按随机抽取的 {orders:,} 种次序取平均；"
            "± 为该均值的标准误。"
        ),
        "stand-ins": "其间有 {number} 个网络的伙伴不足两个，以第一日的数值代替。",
        "different": (
            "{start} 与 {end} 不可比：来源在这两日对{layers}的覆盖程度不同。"
            "仅列出开始与终止者，不给出各自所占部分。"
        ),
        "uncovered": "所选来源未覆盖 {day}：无值。",
        "valueless": "{day} 枢纽的伙伴不足两个：无值。",
        "no events": "{start} 至 {end} 之间没有确定的开始、终止、加入或退出。",
        "largest": "整个时期最大的变化，按三项占比变化绝对值之和的一半排列：",
        "moved": "{end}：三项占比变动 {share:.3f}",
        "none": "在所选来源覆盖的范围内，各占比没有变化。",
        "claim": "{claimant}（{passages}）：{gist}",
        "rule": "据此检验：{rule}。",
        "verdict": (
            "{layer}，{span}的日子（{first} 至 {last}）：{verdict}{share}；中介 {start} 至 {end}"
        ),
        "share": "（{share:.1%} 的日子）",
    },
}


def change_sentences(store: ox.Store, change: Change, hub: str, language: str) -> Iterator[str]:
    """What changed between two days and what each event accounts for."""
    says = SENTENCES[language]
    if change.before is not None and change.after is not None and not change.different_coverage:
        yield from _courses(store, change, change.before, change.after, hub, language)
    elif change.different_coverage:
        layers = says["comma"].join(
            _name(store, one, language) for one in change.different_coverage
        )
        yield says["different"].format(start=change.start, end=change.end, layers=layers)
    for day, found in ((change.start, change.before), (change.end, change.after)):
        if found is None:
            yield says["uncovered"].format(day=day)
        elif found.mediated is None:
            yield says["valueless"].format(day=day)
    if not change.events:
        yield says["no events"].format(start=change.start, end=change.end)
    for i, event in enumerate(change.events):
        yield "  " + _event_line(store, change, i, event, language)
    if change.parts is not None and change.events:
        key = "drawn" if change.orders else "orders"
        yield says[key].format(orders=change.orders)
        if change.stand_ins:
            yield says["stand-ins"].format(number=change.stand_ins)


def largest_sentences(
    store: ox.Store, found: Sequence[Change], hub: str, language: str
) -> Iterator[str]:
    """The largest changes of the whole period, each with its events."""
    says = SENTENCES[language]
    if not found:
        yield says["none"]
        return
    yield says["largest"]
    for change in found:
        assert change.before is not None
        assert change.after is not None
        yield says["moved"].format(end=change.end, share=moved(change))
        for line in _courses(store, change, change.before, change.after, hub, language):
            yield "  " + line
        for i, event in enumerate(change.events):
            yield "    " + _event_line(store, change, i, event, language)


def account_lines(
    store: ox.Store,
    periods: Sequence[Period],
    held: Sequence[tuple[str, Sequence[Verdict]]],
    language: str,
) -> Iterator[str]:
    """What is said of each period, with its passages, and what the numbers say, layer by layer.

    Args:
        store: the data set.
        periods: in the order in which they are told.
        held: the name of each layer, and its verdicts.
        language: ``en`` or ``zh``.

    """
    says, words = SENTENCES[language], WORDS[language]
    for period in periods:
        yield _name(store, period.iri, language)
        for claim in claims_of(store, period):
            yield "  " + says["claim"].format(
                claimant=says["comma"].join(_name(store, c, language) for c in claim.claimants),
                passages=says["join"].join(_name(store, one, language) for one in claim.passages),
                gist=claim.gist_zh if language == "zh" else claim.gist_en,
            )
            rule = ""
            for layer, found in held:
                for one in found:
                    if one.claim.iri != claim.iri or one.span.period.iri != period.iri:
                        continue
                    if one.rule != rule:
                        rule = one.rule
                        yield "    " + says["rule"].format(rule=words[rule])
                    yield "      " + _verdict_line(layer, one, language)


def _verdict_line(layer: str, found: Verdict, language: str) -> str:
    says, words = SENTENCES[language], WORDS[language]
    course, share = found.span.courses["mediated"], found.share_of_days
    start, end = ("-" if value is None else f"{value:.3f}" for value in (course.start, course.end))
    return says["verdict"].format(
        layer=layer,
        span=words["certain" if found.span.certain else "possible"],
        first=found.span.first,
        last=found.span.last,
        verdict=words[found.verdict],
        share="" if share is None else says["share"].format(share=share),
        start=start,
        end=end,
    )


def event_said(store: ox.Store, event: Event, language: str) -> str:
    """One event in words."""
    says = SENTENCES[language]
    when = "open before" if event.kind in ("began", "joined") else "open after"
    return says[event.kind].format(
        arrangement=_name(store, event.arrangement, language),
        states=says["comma"].join(_name(store, state, language) for state in event.states),
        open=says[when] if event.open else "",
    )


def _courses(
    store: ox.Store, change: Change, before: Shares, after: Shares, hub: str, language: str
) -> Iterator[str]:
    says, names = SENTENCES[language], NAMES[language]
    parts = []
    for measure in MEASURES:
        total, old, new = change.total(measure), getattr(before, measure), getattr(after, measure)
        if total is None:
            continue  # not defined on one of the two days
        key = "same" if abs(total) < EPSILON else "course"
        trend = WORDS[language]["rose" if total > 0 else "fell"]
        named = {"measure": names[measure], "trend": trend, "total": total}
        parts.append(says[key].format(before=old, after=new, **named))
    head = says["head"].format(
        start=change.start,
        end=change.end,
        hub=_name(store, hub, language),
        n0=before.states,
        n1=after.states,
        k0=before.partners,
        k1=after.partners,
    )
    yield f"{head}{says['space']}{says['join'].join(parts)}{says['stop']}"


def _event_line(store: ox.Store, change: Change, i: int, event: Event, language: str) -> str:
    """An event with its parts of those measures that it changes."""
    says = SENTENCES[language]
    said = event_said(store, event, language)
    if change.parts is None:
        return said + says["stop"]
    parts = [
        says["part" if change.errors is None else "part error"].format(
            measure=NAMES[language][measure],
            part=part,
            error=0.0 if change.errors is None else change.errors[i][m],
        )
        for m, (measure, part) in enumerate(zip(MEASURES, change.parts[i], strict=True))
        if abs(part) > EPSILON
    ]
    if not parts:
        return says["nothing"].format(event=said)
    return says["parts"].format(event=said, parts=says["comma"].join(parts))


def _name(store: ox.Store, iri: str, language: str) -> str:
    return label(store, iri).in_language(language)
