"""Leaves of FootprintError: records about targets that cannot be used, each listed with its entry."""

from __future__ import annotations

from ledger.errors import FootprintError


class TargetUnknown(FootprintError):
    """A statement about a target that is not recorded, or was withdrawn."""

    code = "target.unknown"
    target: str
    en = "no target {target} is recorded"
    zh = "没有名为 {target} 的目标记录"
    fix_en = "Record the target, or name one that is"
    fix_zh = "请先登记该目标，或改用已登记的目标"


class UnitIsNotTargets(FootprintError):
    """A figure in another unit than its target's."""

    code = "target.unit"
    got: str
    unit: str
    en = "the figure is in {got}, its target in {unit}"
    zh = "数值单位为 {got}，目标单位为 {unit}"
    fix_en = "State it in the target's unit; nothing is converted"
    fix_zh = "请以目标的单位填报；账本不作换算"


class NoScenario(FootprintError):
    """A scenario that has no base to reduce."""

    code = "target.scenario"
    why: str
    en = "this scenario has no figure: {why}"
    zh = "该情景无法计算：{why}"
    fix_en = "Name a target of emissions, energy or intensity; of an intensity state the activity too"
    fix_zh = "请指定排放、能耗或强度目标；强度目标还需填写业务量"


class StepWithoutTask(FootprintError):
    """An answer or an end of a task that nobody opened or that is closed."""

    code = "target.task-step"
    task: str
    step: str
    en = "the task {task} cannot be {step}: it is not open"
    zh = "任务 {task} 无法 {step}：该任务未打开"
    fix_en = "Look at the list of open tasks"
    fix_zh = "请查看未完成任务列表"
