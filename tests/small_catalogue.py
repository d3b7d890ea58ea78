"""A catalogue of a few methods, made by hand: the recipe's tests need none of the real ones."""

from backend.description import Catalogue, Description, Parameter


def small_catalogue() -> Catalogue:
    """Three kinds of stage, two criteria that share no setting, and a scheme of each sort."""
    amount = Parameter(
        name="amount", type="float", label="Amount", default=0.5, minimum=0, maximum=1, percent=True, required=True
    )
    scope = Parameter(
        name="scope", type="choice", label="Scope", default="local", choices=("local", "global"), per_layer=False
    )
    method = Parameter(name="method", type="method", of="criterion", label="Method", default="l1", required=True)
    scheme = Parameter(name="method", type="method", of="quantization", label="Method", default="dynamic")
    norm = Parameter(name="n", type="choice", label="Norm", default=2, choices=(1, 2, "inf", "-inf"))
    dim = Parameter(name="dim", type="int", label="Dimension", default=0, minimum=0, maximum=1)
    file = Parameter(name="file", type="file", label="File")
    batches = Parameter(name="batches", type="int", label="Batches", default=8, minimum=1, per_layer=False)
    bits = Parameter(name="bits", type="int", label="Bits", default=8, minimum=2, maximum=8)
    train = (
        Parameter(name="epochs", type="int", label="Epochs", default=3, minimum=1, required=True, per_layer=False),
        Parameter(name="learning_rate", type="float", label="Learning rate", above=0, maximum=100, per_layer=False),
        Parameter(name="from_scratch", type="bool", label="From scratch", default=False, per_layer=False),
    )
    return Catalogue(
        [
            _described("stage", "prune", (method, amount, scope), method_kind="criterion"),
            _described("stage", "train", train, method_kind=None),
            _described("stage", "quantize", (scheme, bits), method_kind="quantization"),
            _described("criterion", "l1"),
            _described("criterion", "norm", (norm, dim)),
            _described("criterion", "mask", (file,)),
            _described("quantization", "dynamic", converts=True, by_itself=True),
            _described("quantization", "static", (batches,), converts=True, by_itself=True),
            _described("quantization", "rounded", converts=False, by_itself=True),
            _described("dataset", "digits"),
            _described("dataset", "mnist"),
            _described("dataset", "arrays"),
        ]
    )


def during_catalogue() -> Catalogue:
    """The same, with what prunes while weights move: schedules, removal, a criterion that learns."""
    small = small_catalogue()
    described = [small.get(data["kind"], data["id"]) for data in small.to_data() if data["kind"] != "criterion"]
    schedule = Parameter(name="schedule", type="nested", of="schedule", label="Schedule", per_layer=False)
    remove = Parameter(name="remove", type="bool", label="Remove", default=False, per_layer=False)
    target = Parameter(name="target", type="target", label="Target", choices=("macs", "size"), per_layer=False)
    round_to = Parameter(name="round_to", type="int", label="Multiple of", minimum=1, per_layer=False)
    reestimate = Parameter(name="reestimate", type="bool", label="Again", default=False, per_layer=False)
    prune = small.get("stage", "prune").parameters
    start = Parameter(name="start", type="float", label="Start", default=0.0, minimum=0, maximum=1, required=True)
    end = Parameter(name="end", type="float", label="End", default=0.75, minimum=0, maximum=1, required=True)
    rounds = Parameter(name="rounds", type="int", label="Rounds", default=3, minimum=1, required=True)
    seed = Parameter(name="seed", type="int", label="Seed", default=0)
    unit = Parameter(name="unit", type="choice", label="Unit", default="channel", choices=("weight", "channel"))
    return Catalogue(
        [
            *described,
            _described(
                "stage", "prune", (*prune, schedule, remove, target, round_to, reestimate), method_kind="criterion"
            ),
            _described("criterion", "l1", (seed,), unit="weight"),
            _described("criterion", "norm", (unit,), unit="channel"),
            _described("criterion", "ln_structured", unit="channel"),
            _described("criterion", "watcher", unit="channel", learns=True),
            _described("criterion", "blocks", unit="block"),
            _described("schedule", "agp", (start, end)),
            _described("schedule", "one_shot", (start,)),
            _described("schedule", "ticket", (rounds,), repeats=True),
        ]
    )


def quantizing_catalogue() -> Catalogue:
    """The same, with schemes of each sort: calibrated, of weights alone, learning, both."""
    during = during_catalogue()
    described = [during.get(data["kind"], data["id"]) for data in during.to_data() if data["kind"] != "quantization"]
    described = [one for one in described if (one.kind, one.id) != ("stage", "quantize")]
    method = Parameter(
        name="method", type="method", of="quantization", label="Method", default="static_int8", required=True
    )
    target = Parameter(name="target", type="target", label="Target", choices=("size",), per_layer=False)
    equalize = Parameter(
        name="equalize", type="bool", label="Equalize", default=False, per_layer=False, advanced=True, required=True
    )
    bits = Parameter(name="bits", type="int", label="Bits", default=4, minimum=2, maximum=8, required=True)
    code = Parameter(name="code", type="choice", label="Code", default="integer", choices=("integer", "normal_float"))
    weight_bits = Parameter(name="weight_bits", type="int", label="Weight bits", default=4, minimum=2, maximum=8)
    activation_bits = Parameter(name="activation_bits", type="int", label="Activation bits", default=4, minimum=2)
    scales = Parameter(
        name="weights", type="choice", label="Scales", default="per_channel", choices=("per_channel", "per_tensor")
    )
    start = Parameter(
        name="start", type="float", label="Start", default=0.0, minimum=0, maximum=0.95, percent=True, required=True,
        per_layer=False, advanced=True,
    )  # fmt: skip
    tensor = {"Tutorial": {"weights": "per_tensor"}}
    few = {"int8": {"bits": 8}, "int4": {"bits": 4}, "NF4": {"bits": 4, "code": "normal_float"}}
    alone, late = {"by_itself": True, "learns": False}, {"by_itself": False, "learns": True}
    return Catalogue(
        [
            *described,
            _described("stage", "quantize", (method, target, equalize), method_kind="quantization"),
            _described("quantization", "static_int8", (scales,), **alone, presets=tensor),
            _described("quantization", "weight_only", (bits, code), **alone, weights_only=True, presets=few),
            _described("quantization", "codebook", (bits, start), by_itself=True, learns=True, weights_only=True),
            _described("quantization", "float16", **alone),
            _described("quantization", "qat_int8", (start, scales), **late),
            _described("quantization", "lsq", (weight_bits, activation_bits, start), **late),
        ]
    )


def teaching_catalogue() -> Catalogue:
    """The small one, with a training that distills: a loss on outputs, one that adapts widths, two that do not."""
    small = small_catalogue()
    described = [small.get(data["kind"], data["id"]) for data in small.to_data()]
    described = [one for one in described if (one.kind, one.id) != ("stage", "train")]
    weight = Parameter(name="weight", type="float", label="Weight", default=0.7, minimum=0, maximum=1000, required=True)
    heat = Parameter(name="temperature", type="float", label="Temperature", default=4.0, above=0, maximum=100)
    pairs = Parameter(name="pairs", type="pairs", label="Layer pairs")
    teacher = Parameter(name="teacher", type="network", label="Teacher", default="original", required=True)
    labels = Parameter(name="label_weight", type="float", label="Label weight", default=0.3, minimum=0, required=True)
    losses = Parameter(
        name="losses", type="list", of="distillation", key="loss", label="Losses", default=({"loss": "soft"},),
        required=True,
    )  # fmt: skip
    distill = Parameter(
        name="distill", type="group", label="Distill", per_layer=False, fields=(teacher, labels, losses)
    )
    train = small.get("stage", "train").parameters
    maps = {"on": "features", "several": False, "dims": [2, 3, 4], "adapter": True}
    return Catalogue(
        [
            *described,
            _described("stage", "train", (*train, distill), method_kind=None),
            _described("distillation", "soft", (weight, heat), on="outputs", several=False),
            _described("distillation", "hints", (weight, pairs), **maps),
            _described("distillation", "gaze", (weight, pairs), **{**maps, "dims": [3, 4], "adapter": False}),
            _described("distillation", "nearest", (weight, pairs), **{**maps, "several": True}),
        ]
    )


def _described(kind: str, id: str, parameters: tuple[Parameter, ...] = (), **traits: object) -> Description:
    return Description(kind=kind, id=id, label=id, summary=f"The {kind} {id}.", parameters=parameters, traits=traits)
