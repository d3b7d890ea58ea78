<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
  <context>
    <name>Pare</name>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>% of original</source>
      <translation>% 原始值</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>% zero</source>
      <translation>% 为零</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_allowed.py" />
      <source>--allow-code names {file}, which is no file.</source>
      <translation>--allow-code 指定的 {file} 不是文件。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/sensitivity.py" />
      <source>--amounts {text} is not a list of numbers.</source>
      <translation>--amounts {text} 不是数字列表。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/run.py" />
      <source>--resume needs the folder of the run.</source>
      <translation>--resume 需要运行所在的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/run.py" />
      <source>--set {text} is not PATH=VALUE.</source>
      <translation>--set {text} 不是“路径=值”的形式。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>-inf</source>
      <translation>-inf</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>.safetensors, .npz, .pt</source>
      <translation>.safetensors、.npz、.pt</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_base.py" />
      <source>0 removes output channels, 1 input channels.</source>
      <translation>0 移除输出通道，1 移除输入通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>1 sums absolute values, 2 is Euclidean, inf takes the largest, -inf the smallest.</source>
      <translation>1 为绝对值之和，2 为欧几里得范数，inf 取最大值，-inf 取最小值。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/digits.py" />
      <source>1,797 handwritten digits (UCI), bundled: gray, 28×28, ten classes.</source>
      <translation>1,797 个手写数字（UCI），内置：灰度，28×28，十类。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/cifar100.py" />
      <source>60,000 small color photographs, 32×32, a hundred classes; the original files, an .npz, or a download.</source>
      <translation>60,000 张彩色小照片，32×32，一百类；可用原始文件、.npz 或下载。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/cifar10.py" />
      <source>60,000 small color photographs, 32×32, ten classes; the original files, an .npz, or a download.</source>
      <translation>60,000 张彩色小照片，32×32，十类；可用原始文件、.npz 或下载。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/mnist.py" />
      <source>70,000 handwritten digits, gray, 28×28, ten classes; the four original files or a download.</source>
      <translation>70,000 个手写数字，灰度，28×28，十类；可用四个原始文件或下载。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/fashion_mnist.py" />
      <source>70,000 pictures of clothing, gray, 28×28, ten classes; the four original files or a download.</source>
      <translation>70,000 张服饰图片，灰度，28×28，十类；可用四个原始文件或下载。</translation>
    </message>
    <message>
      <location filename="../../backend/models/gru_digits.py" />
      <source>A GRU of 64 units that reads a 28×28 digit as a sequence of rows, and one linear layer.</source>
      <translation>64 个单元的 GRU，把 28×28 的数字按行作为序列读取，再接一个线性层。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_trust.py" />
      <source>A Python file: it runs only after you have allowed it.</source>
      <translation>Python 文件：只有在您允许之后才会运行。</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>A batch of one image is too small for the normalization layers of this network to learn from.</source>
      <translation>一个批次只有一张图像，该网络的归一化层无法从中学习。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>A config_list says nothing of the training: look at its epochs and learning rate.</source>
      <translation>config_list 不包含训练设置：请查看轮数和学习率。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>A config_list, or the script that holds one: it is read, and never run.</source>
      <translation>一个 config_list，或含有它的脚本：只读取，从不运行。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>A during list can't hold a {kind} stage.</source>
      <translation>during 列表不能包含 {kind} 步骤。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/network.py" />
      <source>A file…</source>
      <translation>文件…</translation>
    </message>
    <message>
      <location filename="../../gui/forms/network.py" />
      <source>A finished run…</source>
      <translation>已完成的运行…</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>A function of your own that returns training and test data, and a metric if accuracy does not fit.</source>
      <translation>您自己的函数，返回训练数据和测试数据；准确率不适用时还可返回一个指标。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>A head needs its query, key and value in {where}</source>
      <translation>在 {where} 中一个注意力头需要它的 query、key 和 value</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/codebook.py" />
      <source>A layer's weights take at most this many bits: 4 bits are 16 shared values beside zero.</source>
      <translation>该层的权重最多占这么多比特：4 比特即零之外的 16 个共享值。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>A learning rate of {rate} is large for weights that are trained already: they move far from where they were accurate, and few steps are left to come back.</source>
      <translation>对已训练好的权重来说，学习率 {rate} 偏大：权重会远离原先准确的位置，而剩下的步数不足以恢复。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>A network from a Python file can't be pickled whole: its class can't be imported by name.</source>
      <translation>来自 Python 文件的网络无法整体序列化：它的类不能按名称导入。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>A parameter is read as a whole, not channel by channel</source>
      <translation>有一个参数是整体读取的，而不是逐通道读取</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>A recipe to begin with; every setting can be changed.</source>
      <translation>用作起点的配方；每项设置都可以更改。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>A run is in progress</source>
      <translation>正在运行</translation>
    </message>
    <message>
      <location filename="../../gui/commands/measuring.py" />
      <location filename="../../gui/commands/scans.py" />
      <location filename="../../gui/running.py" />
      <source>A run is in progress; stop it first</source>
      <translation>已有运行在进行中，请先停止它</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/cosine.py" />
      <source>A safe choice for any number of epochs: it ends with small steps, which settle the weights.</source>
      <translation>任意轮数的稳妥选择：最后的小步长使权重稳定下来。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/measuring.py" />
      <location filename="../../gui/commands/runs.py" />
      <location filename="../../gui/scanning.py" />
      <source>A scan is in progress; stop it first</source>
      <translation>已有扫描在进行中，请先停止它</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>A scan needs images, and the limit is {limit}.</source>
      <translation>扫描需要图像，而上限是 {limit}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>A scan prunes each layer alone, by several amounts, and measures what that costs. Its curves appear here, its figures in the layer tree; a plan for all layers can be made from them.</source>
      <translation>扫描会单独对每一层按几种比例剪枝，并测量代价。曲线显示在这里，数值显示在层树中；还可据此为所有层制定方案。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>A schedule prunes while weights move, and in a prune stage by itself they rest.</source>
      <translation>调度在权重变动时剪枝，而单独的剪枝步骤中权重不动。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>A sixth of the size: the bits of every layer are chosen from the error that each brings.</source>
      <translation>大小为六分之一：按每层带来的误差选择其位数。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>A stage is one word with its settings below it; this one has {count}.</source>
      <translation>一个步骤由一个词及其下的设置组成；这里有 {count} 个。</translation>
    </message>
    <message>
      <location filename="../../backend/export/state_dict.py" />
      <source>A state dict with recurrent layers in int8 can't be read back without running a pickle.</source>
      <translation>含 int8 循环层的 state dict 只有执行 pickle 才能读回。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>A student with a tenth of LeNet-5's parameters learns from it, and becomes int8.</source>
      <translation>参数量为 LeNet-5 十分之一的学生向它学习，然后转为 int8。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>A student with a tenth of LeNet-5's parameters learns what LeNet-5 knows.</source>
      <translation>参数为 LeNet-5 十分之一的学生网络，学习 LeNet-5 所掌握的知识。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <source>A target chooses the bits of each layer, and this stage has no layer with bits to choose.</source>
      <translation>目标会为每层选择比特数，而这个步骤没有可选比特数的层。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>A target chooses the bits of each layer, and {method} has none to choose.</source>
      <translation>目标会为每层选择比特数，而 {method} 没有可选的比特数。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_decompose.py" />
      <source>A target finds the rank of every layer, and here one is given for all of them.</source>
      <translation>目标会为每一层寻找秩，而这里给所有层指定了同一个秩。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>A target is for a prune stage by itself: finding the amounts needs weights that rest.</source>
      <translation>目标只用于单独的剪枝步骤：求比例时权重不能变动。</translation>
    </message>
    <message>
      <location filename="../../backend/training/_report.py" />
      <source>A tenth of the learning rate</source>
      <translation>学习率降为十分之一</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/adaptive_1d.py" />
      <source>A trained linear layer aligns the last dimension of hidden vectors and sequences, and is left out of the result.</source>
      <translation>用一个可训练的线性层对齐隐藏向量和序列的最后一维，该层不会留在结果中。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/quantize_menu.py" />
      <source>A training of this recipe quantizes already: {method}</source>
      <translation>这个配方的训练已在量化：{method}</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_layers.py" />
      <source>A weight that it meets is computed from parameters before it is used</source>
      <translation>与它相遇的权重在使用前由参数计算得出</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>A {kind} stage has no during list: weights move in a train stage alone.</source>
      <translation>{kind} 步骤没有 during 列表：只有训练步骤中权重才会变动。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/agp.py" />
      <source>AGP</source>
      <translation>渐进剪枝 AGP</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/apoz.py" />
      <source>APoZ</source>
      <translation>APoZ</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/commands/choices.py" />
      <source>About Pare</source>
      <translation>关于 Pare</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/method_help.py" />
      <source>About {method}</source>
      <translation>关于 {method}</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/dialogs/export_parts.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>Accuracy</source>
      <translation>准确率</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>Accuracy after it</source>
      <translation>之后的准确率</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/sensitivity_table_dialog.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Accuracy against amount</source>
      <translation>准确率随比例的变化</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Accuracy change</source>
      <translation>准确率变化</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>Accuracy drop</source>
      <translation>准确率下降</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Accuracy fell from {before}% to {after}% of {images} validation images.</source>
      <translation>在 {images} 张验证图像上，准确率从 {before}% 降到 {after}%。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Accuracy fell from {before}% to {after}% of {images} validation images. The output of {layer} changed most: signal to error {own} dB by itself, {accumulated} dB with what comes in from earlier layers.</source>
      <translation>在 {images} 张验证图像上，准确率从 {before}% 降到 {after}%。{layer} 的输出变化最大：信号误差比本层为 {own} dB，连同前面各层传入的误差为 {accumulated} dB。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Accuracy fell from {before}% to {after}% of {images} validation images. The output of {layer} changed most: signal to error {own} dB by itself.</source>
      <translation>在 {images} 张验证图像上，准确率从 {before}% 降到 {after}%。{layer} 的输出变化最大：本层信号误差比为 {own} dB。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Accuracy is measured on at most {limit} images, so one image is {points} pt.</source>
      <translation>准确率最多用 {limit} 张图像测量，一张图像就是 {points} 个百分点。</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Accuracy over time</source>
      <translation>准确率随时间的变化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Accuracy was measured on different numbers of test images: {counts}.</source>
      <translation>准确率是在不同数量的测试图像上实测的：{counts}。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/runs.py" />
      <source>Accuracy Δ</source>
      <translation>准确率变化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Accuracy, %</source>
      <translation>准确率（%）</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>Accuracy, sparsity and loss are drawn here while the recipe runs; figures before and after follow.</source>
      <translation>配方运行时，这里绘制准确率、稀疏度和损失；随后显示前后对比的数值。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_controls.py" />
      <source>Across</source>
      <translation>横轴</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>Actions</source>
      <translation>操作</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/activation.py" />
      <source>Activation</source>
      <translation>激活函数</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Activation range</source>
      <translation>激活范围</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>Activations</source>
      <translation>激活</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>Activations into {layer}</source>
      <translation>{layer} 的输入激活</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adadelta.py" />
      <source>Adadelta</source>
      <translation>Adadelta</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adagrad.py" />
      <source>Adagrad</source>
      <translation>Adagrad</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adam.py" />
      <source>Adam</source>
      <translation>Adam</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adamax.py" />
      <source>Adam by the largest gradient instead of the mean square (Kingma and Ba 2015, section 7.1).</source>
      <translation>以最大梯度代替均方的 Adam（Kingma 与 Ba，2015，第 7.1 节）。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/radam.py" />
      <source>Adam whose first steps are held back until it knows how gradients vary (Liu et al. 2020).</source>
      <translation>在了解梯度如何变化之前先限制最初几步的 Adam（Liu 等，2020）。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/nadam.py" />
      <source>Adam with Nesterov's look ahead (Dozat 2016).</source>
      <translation>带 Nesterov 前瞻的 Adam（Dozat，2016）。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adamw.py" />
      <source>Adam with weight decay apart from the gradient; the usual choice for transformers.</source>
      <translation>权重衰减独立于梯度的 Adam；Transformer 的常用选择。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adamw.py" />
      <source>AdamW</source>
      <translation>AdamW</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adamax.py" />
      <source>Adamax</source>
      <translation>Adamax</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/adaptive_1d.py" />
      <source>Adaptive 1-D</source>
      <translation>自适应一维 Adaptive 1-D</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adam.py" />
      <source>Adapts the step of every weight; needs little tuning (Kingma and Ba 2015).</source>
      <translation>为每个权重自适应步长，几乎无需调参（Kingma 与 Ba，2015）。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/nested.py" />
      <location filename="../../gui/panels/compare_chips.py" />
      <source>Add</source>
      <translation>添加</translation>
    </message>
    <message>
      <location filename="../../backend/cli/run.py" />
      <source>Add --output DIR.</source>
      <translation>加上 --output DIR。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_edit.py" />
      <source>Add a key to it.</source>
      <translation>请在其后加上一个键。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Add a line like: {line}</source>
      <translation>加上这样一行：{line}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Add a quantize stage after the training instead, or choose {learned}.</source>
      <translation>请改为在训练之后添加量化步骤，或选择 {learned}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_chips.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Add a run</source>
      <translation>添加运行</translation>
    </message>
    <message>
      <location filename="../../gui/commands/queue.py" />
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/running.py" />
      <source>Add a stage first: there is nothing to do yet</source>
      <translation>请先添加步骤：目前没有可做的事</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Add after my stages</source>
      <translation>加在我的步骤之后</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Add file: and class: to model.</source>
      <translation>请在 model 中加上 file: 和 class:。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../gui/problems/rewriting.py" />
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Add fine-tuning</source>
      <translation>添加微调</translation>
    </message>
    <message>
      <location filename="../../gui/forms/nested.py" />
      <source>Add loss</source>
      <translation>添加损失</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_panel.py" />
      <source>Add stage</source>
      <translation>添加步骤</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Add this recipe</source>
      <translation>加入此配方</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Add to queue</source>
      <translation>加入队列</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_open.py" />
      <source>Add {key} to the section data.</source>
      <translation>请在 data 部分加上 {key}。</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <location filename="../../gui/panels/recipe_panel.py" />
      <source>Add {stage}</source>
      <translation>添加{stage}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Added to the Hessian's diagonal, as a share of its mean: more of it trusts the images less.</source>
      <translation>加到 Hessian 对角线上，按其均值的份额：越大，对图像的依赖越小。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/queue.py" />
      <source>Added to the queue: {name}.</source>
      <translation>已加入队列：{name}。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/form.py" />
      <source>Advanced</source>
      <translation>高级</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Affine follows the smallest and largest value; symmetric has its zero point in the middle.</source>
      <translation>affine（仿射）取最小值与最大值；symmetric（对称）的零点在正中。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Affine uses all levels for the range of a group, with a byte for its zero point; symmetric needs none.</source>
      <translation>affine（仿射）用全部级别覆盖一组的范围，零点占一个字节；symmetric（对称）不需要零点。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>After</source>
      <translation>之后</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>After pruning, for a few epochs at a small learning rate; the more was pruned, the longer. It takes most of the time of a run.</source>
      <translation>在剪枝之后使用，以较小的学习率训练几轮；剪得越多，训练越久。一次运行的大部分时间花在这里。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>After the last training, for a network that is faster in float; int8 does it by itself. Training goes worse without BatchNorm.</source>
      <translation>用于最后一次训练之后，使浮点网络更快；int8 会自动这样做。没有 BatchNorm 时训练效果较差。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <location filename="../../gui/panels/weights_panel.py" />
      <source>After the run</source>
      <translation>运行之后</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>After the run: {layers}</source>
      <translation>运行后：{layers}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>After training, Pare quantizes weights and activations in 8 bits; other bits need LSQ or DoReFa.</source>
      <translation>训练之后，Pare 以 8 位量化权重和激活；其他位数需要 LSQ 或 DoReFa。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>After training, Pare quantizes weights and activations of a layer together.</source>
      <translation>训练之后，Pare 会一起量化一个层的权重和激活。</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <source>After {stage}: sparsity {sparsity}, accuracy {accuracy}%</source>
      <translation>{stage}之后：稀疏度 {sparsity}，准确率 {accuracy}%</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Algorithm</source>
      <translation>算法</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>All</source>
      <translation>全部</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>All ({count})</source>
      <translation>全部（{count}）</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>All calibration images are of one class, {name}, so ranges may be wrong for the others.</source>
      <translation>所有校准图像都属于同一类 {name}，因此其他类的范围可能不对。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>All classes</source>
      <translation>全部类别</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>All of its channels depend on each other, so they could only go together</source>
      <translation>它的所有通道相互依赖，只能一起移除</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>All training images belong to one class, so accuracy says little.</source>
      <translation>所有训练图像都属于同一类，准确率说明不了什么。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>All types</source>
      <translation>全部类型</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Allow</source>
      <translation>允许</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Allow {file} to run?</source>
      <translation>允许运行 {file}？</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/runtimes/torch_cpu.py" />
      <source>Always: what is measured here is what the network does in PyTorch on this computer.</source>
      <translation>始终适用：这里实测的就是网络在本机 PyTorch 中的表现。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Amount</source>
      <translation>比例</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Amount that the layer tree compares</source>
      <translation>层树中比较所用的比例</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/arrays.py" />
      <source>An .npz file with x_train, y_train, x_test and y_test, and classes if there are names.</source>
      <translation>含 x_train、y_train、x_test 和 y_test 的 .npz 文件；若有类别名称，还有 classes。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>An amount is the share of weights that are zero afterwards.</source>
      <translation>比例是指之后为零的权重所占的份额。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>An edit of these {count} layers writes one rule: {pattern}</source>
      <translation>编辑这 {count} 层会写成一条规则：{pattern}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>An int8 kernel needs its input, weight and output in int8, and only {tensors} is rounded: it computes in float with rounded values</source>
      <translation>int8 内核要求输入、权重和输出都是 int8，而这里只舍入了 {tensors}：它用舍入后的值以浮点计算</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <source>An int8 network can't be written as ONNX yet.</source>
      <translation>int8 网络还不能写成 ONNX。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Answer {name}</source>
      <translation>回答 {name}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Answers</source>
      <translation>回答</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Answers after</source>
      <translation>之后的回答</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Answers before</source>
      <translation>之前的回答</translation>
    </message>
    <message>
      <location filename="../../gui/menus.py" />
      <source>Appearance</source>
      <translation>外观</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>Appearance: {name}</source>
      <translation>外观：{name}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>Apply</source>
      <translation>应用</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Architecture</source>
      <translation>架构</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Arguments</source>
      <translation>参数</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/arrays.py" />
      <source>Arrays (.npz)</source>
      <translation>数组（.npz）</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/random_unstructured.py" />
      <source>As a yardstick for single weights: a criterion that does not beat it is not worth its time. Needs no data.</source>
      <translation>作为单个权重剪枝的基准：不能胜过它的准则不值得花时间。不需要数据。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/random_structured.py" />
      <source>As a yardstick: a criterion that does not beat it is not worth its time. Needs no data.</source>
      <translation>作为基准使用：不能胜过它的准则不值得花时间。不需要数据。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>As it is</source>
      <translation>保持原样</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>As the last stage: what it makes can't be trained any further. Takes seconds; methods that learn belong into a fine-tune stage.</source>
      <translation>作为最后一个步骤使用：其结果无法继续训练。只需几秒；需要学习的方法应放在微调步骤中。</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>As the stage says</source>
      <translation>与步骤相同</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/menus.py" />
      <location filename="../../gui/palette_groups.py" />
      <source>As the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>As the text says</source>
      <translation>按文本所写</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>As wide as before: {layers}. Reason: {reason}.</source>
      <translation>宽度不变：{layers}。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Ask again</source>
      <translation>重新获取</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Ask for permission…</source>
      <translation>询问许可…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Asked again</source>
      <translation>再次询问</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Asked for {asked} of {total} blocks, removed {count}: one block at least stays.</source>
      <translation>要求移除 {total} 个块中的 {asked} 个，已移除 {count} 个：至少保留一个块。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Asking for the answers…</source>
      <translation>正在获取回答…</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <source>Asking the network of the run</source>
      <translation>正在获取该运行的网络的回答</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <source>Asking the original network</source>
      <translation>正在获取原始网络的回答</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/attention_transfer.py" />
      <source>Attention transfer</source>
      <translation>注意力迁移 Attention transfer</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Augment</source>
      <translation>数据增强</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>Auto computes in 16 bits where the device has the arithmetic, else in float32.</source>
      <translation>auto 在设备支持 16 位运算时以 16 位计算，否则以 float32 计算。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/editors.py" />
      <location filename="../../gui/forms/numbers.py" />
      <source>Automatic</source>
      <translation>自动</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Back</source>
      <translation>返回</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <location filename="../../backend/stages/_training.py" />
      <source>Batch size</source>
      <translation>批大小</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>BatchNorm keeps the statistics it had before stage {number} prunes.</source>
      <translation>BatchNorm 仍使用步骤 {number} 剪枝之前的统计量。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Batches of training images the effect of rounding is measured on.</source>
      <translation>用来测量舍入影响的训练图像批数。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/static_int8.py" />
      <source>Batches of training images the ranges are measured on.</source>
      <translation>用来测量范围的训练图像批数。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Before</source>
      <translation>之前</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Before a fine-tune stage, which brings back the accuracy that a new kind of layer costs; folding BatchNorm costs none and comes after the training.</source>
      <translation>放在微调步骤之前，微调会恢复更换层的种类所损失的准确率；折叠 BatchNorm 不损失准确率，放在训练之后。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>Before each sign, where the input does not come from a BatchNorm already.</source>
      <translation>在每个取符号之前，若输入并非来自 BatchNorm。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Before fine-tuning, which wins back what it costs. A mask alone makes nothing smaller or faster: remove channels, or export encoded.</source>
      <translation>在微调之前使用，微调会挽回损失的准确率。仅有掩码不会让网络变小或变快：需要移除通道，或以 encoded 格式导出。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>Before fine-tuning, which wins back what it costs. It makes a network smaller and faster without taking channels out, where layers have many of them.</source>
      <translation>用在微调之前，微调会赢回它的代价。在通道多的层上，它不移除通道就能让网络更小更快。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/snip.py" />
      <source>Before training from scratch, to choose once what shall be trained at all. One backward pass for each calibration batch.</source>
      <translation>在从头训练之前使用，一次选定要训练的连接。每个校准批次做一次反向传播。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Begin each entry with a dash.</source>
      <translation>每一项以短横线开头。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Begin each entry with a dash: - prune: …</source>
      <translation>每一项以短横线开头：- prune: …</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Begin each stage with a dash.</source>
      <translation>每个步骤以短横线开头。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Begin each stage with a dash: - prune: …</source>
      <translation>每个步骤以短横线开头：- prune: …</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/panels/live_panel.py" />
      <source>Best</source>
      <translation>最佳</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>Best so far</source>
      <translation>目前最佳</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>Beta</source>
      <translation>Beta</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Between them</source>
      <translation>两者之间</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_correct.py" />
      <source>Biases are corrected of convolutions and linear layers</source>
      <translation>只校正卷积层和线性层的偏置</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>Binarized (BNN)</source>
      <translation>二值化 Binarized (BNN)</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <location filename="../../backend/quantization/codebook.py" />
      <source>Bits</source>
      <translation>比特数</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Bits by target</source>
      <translation>按目标选比特数</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Bits chosen: {widths}.</source>
      <translation>选定的比特数：{widths}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Bits of a weight; its scale is shared by the weights of a group.</source>
      <translation>一个权重的比特数；同组权重共用缩放系数。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>Blocks ({granularity}) are not pruned in Pare.</source>
      <translation>Pare 不按块（{granularity}）剪枝。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Blocks that stay: {blocks}. Reason: {reason}.</source>
      <translation>保留的块：{blocks}。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>Bring all images to one size in the function.</source>
      <translation>请在函数中把所有图像变为同一尺寸。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Bring both to the same size and number of channels.</source>
      <translation>请让两者的尺寸和通道数一致。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/dialogs/path_field.py" />
      <source>Browse…</source>
      <translation>浏览…</translation>
    </message>
    <message>
      <location filename="../../gui/budgeting.py" />
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/budget_panel.py" />
      <location filename="../../gui/panels/tradeoff_controls.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Budget</source>
      <translation>预算</translation>
    </message>
    <message>
      <location filename="../../backend/models/_trust.py" />
      <source>Built by the Python file {file}: it runs only after you have allowed it.</source>
      <translation>由 Python 文件 {file} 构建：只有在您允许之后才会运行。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Bundled</source>
      <translation>内置</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>By number</source>
      <translation>按编号</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>By size</source>
      <translation>按大小</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/cifar10.py" />
      <source>CIFAR-10</source>
      <translation>CIFAR-10</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/cifar100.py" />
      <source>CIFAR-100</source>
      <translation>CIFAR-100</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/cp.py" />
      <source>CP</source>
      <translation>CP</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>CPU</source>
      <translation>CPU</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/device_menu.py" />
      <source>CPU · {count} thread</source>
      <translation>CPU · {count} 线程</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/device_menu.py" />
      <source>CPU · {count} threads</source>
      <translation>CPU · {count} 线程</translation>
    </message>
    <message>
      <location filename="../../backend/models/lenet5_caffe.py" />
      <source>Caffe's LeNet-5 (20 and 50 filters, 500 units), the network of Deep Compression: 431,080 parameters.</source>
      <translation>Caffe 的 LeNet-5（20 和 50 个滤波器，500 个单元），即 Deep Compression 所用的网络：431,080 个参数。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Calibrate on all of them</source>
      <translation>用全部图像校准</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Calibrate on {count} batches or more.</source>
      <translation>请用至少 {count} 批进行校准。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Calibrating</source>
      <translation>正在校准</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <location filename="../../backend/quantization/static_int8.py" />
      <source>Calibration batches</source>
      <translation>校准批数</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Called as functions, not as layers, and so kept as they are: {calls}.</source>
      <translation>以函数而非层的形式调用，因此保持不变：{calls}。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <location filename="../../gui/dialogs/sheet.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/widgets/popover.py" />
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Carry on where you stopped.</source>
      <translation>从上次停下的地方继续。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>Casting to {precision}</source>
      <translation>正在转换为 {precision}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Change</source>
      <translation>变化</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Change of test accuracy (pt), higher is better</source>
      <translation>测试准确率变化（个百分点），越高越好</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Change the amount.</source>
      <translation>请更改比例。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Change the plan to keep it</source>
      <translation>调整方案以满足预算</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Changed answers</source>
      <translation>变化的回答</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Channel</source>
      <translation>通道</translation>
    </message>
    <message>
      <location filename="../../gui/plots/channel_plot.py" />
      <source>Channel {number}</source>
      <translation>通道 {number}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Channels</source>
      <translation>通道</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Channels are filtered in groups, which go whole, in {where}</source>
      <translation>在 {where} 中通道按组滤波，只能整组删除</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Channels are normalized in groups, which go whole, in {where}</source>
      <translation>在 {where} 中通道按组归一化，只能整组删除</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Channels go until a fifth of the parameters is left, and the whole network teaches what is left.</source>
      <translation>移除通道，直到剩下五分之一的参数，再由完整网络教剩下的部分。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Channels of {layer}</source>
      <translation>{layer} 的通道</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>Channels were removed from it. If Pare did that, open the folder of its run; else the file and the class that define the smaller network, with the source python.</source>
      <translation>它的一些通道已被移除。如果是 Pare 移除的，请打开那次运行的文件夹；否则请用来源 python 打开定义该小网络的文件和类。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Check</source>
      <translation>检查</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Check indentation, colons, quotes and brackets on that line and the one before.</source>
      <translation>请检查该行及上一行的缩进、冒号、引号和括号。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Check that the file is complete, or save it again with numpy.savez.</source>
      <translation>请确认文件完整，或用 numpy.savez 重新保存。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Check the data's files and its mean and standard deviation.</source>
      <translation>请检查数据文件及其均值和标准差。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Check the name of the file.</source>
      <translation>请检查文件名。</translation>
    </message>
    <message>
      <location filename="../../gui/opening.py" />
      <location filename="../../backend/models/_file_kind.py" />
      <source>Check the name, or choose another file.</source>
      <translation>请检查名称，或选择其他文件。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Check the name, or open the file from the window.</source>
      <translation>请检查名称，或在窗口中打开文件。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_allowed.py" />
      <source>Check the name.</source>
      <translation>请检查名称。</translation>
    </message>
    <message>
      <location filename="../../backend/paths.py" />
      <source>Check the name; paths are relative to the folder of the recipe.</source>
      <translation>请检查名称；路径相对于配方所在的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_gradients.py" />
      <location filename="../../backend/quantization/_calibrate.py" />
      <location filename="../../backend/quantization/gptq.py" />
      <source>Check the weights and the data's mean and standard deviation; train again if training diverged.</source>
      <translation>请检查权重以及数据的均值和标准差；若训练发散，请重新训练。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_idx.py" />
      <source>Check whether two files have exchanged their names.</source>
      <translation>请检查是否有两个文件互换了名称。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Checked after writing</source>
      <translation>写入后已校验</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>Checking {format} in a clean process</source>
      <translation>正在独立进程中校验 {format}</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Choose a .pth, .pt or .safetensors file.</source>
      <translation>请选择 .pth、.pt 或 .safetensors 文件。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Choose a .pth, .pt or .safetensors file; if it should be one, copy it again.</source>
      <translation>请选择 .pth、.pt 或 .safetensors 文件；如果它本应是这种文件，请重新复制。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Choose a .yaml file that Pare or a text editor wrote.</source>
      <translation>请选择由 Pare 或文本编辑器写成的 .yaml 文件。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Choose a Python file</source>
      <translation>选择 Python 文件</translation>
    </message>
    <message>
      <location filename="../../gui/opening.py" />
      <source>Choose a Python file that defines a network.</source>
      <translation>请选择定义了网络的 Python 文件。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>Choose a Python file that you may read.</source>
      <translation>请选择您有权读取的 Python 文件。</translation>
    </message>
    <message>
      <location filename="../../gui/opening.py" />
      <source>Choose a Python file with a class that is a torch.nn.Module.</source>
      <translation>请选择包含 torch.nn.Module 类的 Python 文件。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>Choose a better teacher, or give its losses little weight.</source>
      <translation>请选择更好的教师网络，或降低其损失的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/histogram.py" />
      <location filename="../../backend/evaluation/layer_weight.py" />
      <source>Choose a convolution or a linear layer.</source>
      <translation>请选择卷积层或线性层。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/path_field.py" />
      <location filename="../../gui/forms/editors.py" />
      <location filename="../../gui/forms/network.py" />
      <source>Choose a file</source>
      <translation>选择文件</translation>
    </message>
    <message>
      <location filename="../../backend/paths.py" />
      <source>Choose a file or folder that you may read.</source>
      <translation>请选择您有权读取的文件或文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Choose a file that you may read.</source>
      <translation>请选择您有权读取的文件。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Choose a file with weights</source>
      <translation>选择权重文件</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/dialogs/path_field.py" />
      <source>Choose a folder</source>
      <translation>选择文件夹</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Choose a folder or file</source>
      <translation>选择文件夹或文件</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/files.py" />
      <source>Choose a folder that you may write to.</source>
      <translation>请选择您有权写入的文件夹。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Choose a format</source>
      <translation>选择格式</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <source>Choose a larger figure, or prune by an amount.</source>
      <translation>请选择更大的数值，或按比例剪枝。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Choose a later start, such as 0.5, or another schedule.</source>
      <translation>请选择更晚的开始，例如 0.5，或另一种调度。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Choose a layer of the student, then a layer of the teacher: one layer may learn from several.</source>
      <translation>先选择学生的一层，再选择教师的一层：一层可以向多层学习。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Choose a layer of the student, then the layer of the teacher that it learns from.</source>
      <translation>先选择学生的一层，再选择它所学习的教师的层。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/histogram.py" />
      <source>Choose a layer that the network runs.</source>
      <translation>请选择网络会运行到的层。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Choose a lower target, or remove the stage.</source>
      <translation>请选择更低的目标，或移除该阶段。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <source>Choose a method that has bits and rounds weights alone, weight_only say, or remove the target.</source>
      <translation>请选择有比特数且只舍入权重的方法，例如 weight_only，或去掉目标。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Choose a method that prunes channels, and remove them.</source>
      <translation>选择剪除通道的方法，并移除这些通道。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Choose a method that prunes channels, such as ln_structured, or set remove: false.</source>
      <translation>请选择剪除通道的方法，例如 ln_structured，或设置 remove: false。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <source>Choose a method that ranks, or remove a keep or an amount from the stage's layers.</source>
      <translation>请选择会排名的方法，或从步骤的 layers 中删除一个 keep 或比例。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Choose a method that removes channels.</source>
      <translation>请选择移除通道的方法。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_search.py" />
      <source>Choose a network that runs on one input, or another limit.</source>
      <translation>请选择可用单个输入运行的网络，或改用其他上限。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>Choose a shorter name without any of &lt; &gt; : " / \ | ? *</source>
      <translation>请选择较短的名称，且不含 &lt; &gt; : " / \ | ? *</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Choose a source</source>
      <translation>选择来源</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <source>Choose a step of the run.</source>
      <translation>请选择该运行中的一步。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teaching.py" />
      <source>Choose a teacher for the same classes, or losses on features alone.</source>
      <translation>请选择类别相同的教师网络，或只使用比较特征的损失。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Choose a value above {low} and up to {high}.</source>
      <translation>请选择大于 {low} 且不超过 {high} 的值。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Choose a value from {low} to {high}.</source>
      <translation>请选择 {low} 到 {high} 之间的值。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Choose an architecture</source>
      <translation>选择架构</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Choose an end after the start.</source>
      <translation>结束必须晚于开始。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>Choose another architecture.</source>
      <translation>请选择其他架构。</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>Choose another batch size, one that leaves no single image over.</source>
      <translation>请选择另一个批大小，使最后不会只剩下一张图像。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Choose another folder for the run.</source>
      <translation>请为这次运行另选一个文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/files.py" />
      <source>Choose another folder or file name.</source>
      <translation>请选择其他文件夹或文件名。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>Choose another format than {format}.</source>
      <translation>请选择 {format} 以外的格式。</translation>
    </message>
    <message>
      <location filename="../../backend/training/_during.py" />
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Choose another layer.</source>
      <translation>请选择其他层。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Choose another loss, or another teacher.</source>
      <translation>请选择其他损失或其他教师网络。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Choose another method or other layers, or remove the stage.</source>
      <translation>请选择其他方法或其他层，或删除此步骤。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>Choose another method, or keep the layers around it in float.</source>
      <translation>请选择另一种方法，或让它周围的层保持浮点。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Choose another method, or remove a keep from the stage's layers.</source>
      <translation>请选择另一种方法，或从步骤的 layers 中删除一个 keep。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Choose another method, or take layers off keep.</source>
      <translation>请选择另一种方法，或取消某些层的“保持不变”。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>Choose another teacher.</source>
      <translation>请选择其他教师网络。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_engines.py" />
      <source>Choose auto or one of: {words}.</source>
      <translation>请选择 auto 或以下之一：{words}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>Choose bfloat16, which holds them less exactly.</source>
      <translation>请选择 bfloat16，它能容纳这些值，只是较不精确。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Choose bfloat16, which needs no scaled gradients, or set device: cuda.</source>
      <translation>请选择不需要缩放梯度的 bfloat16，或设置 device: cuda。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panes.py" />
      <source>Choose columns</source>
      <translation>选择列</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Choose convolutions or linear layers, or another method.</source>
      <translation>请选择卷积层或线性层，或换一种方法。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Choose convolutions or linear layers; edges: same includes the first and the last one.</source>
      <translation>请选择卷积层或线性层；edges: same 会包括首层和末层。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>Choose data of another shape, or another network.</source>
      <translation>请选择其他形状的数据，或其他网络。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/layer_latency.py" />
      <source>Choose data of the shape that the network takes, then measure again.</source>
      <translation>请选择形状符合该网络的数据，然后重新测量。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Choose data that holds images.</source>
      <translation>请选择包含图像的数据。</translation>
    </message>
    <message>
      <location filename="../../backend/engine/jobs/_opened.py" />
      <source>Choose data that lies on this computer in one file.</source>
      <translation>请选择位于本机、存在一个文件中的数据。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/accuracy.py" />
      <source>Choose data whose images have the network's input shape, or another network.</source>
      <translation>请选择图像与网络输入形状一致的数据，或其他网络。</translation>
    </message>
    <message>
      <location filename="../../backend/training/batch_norm.py" />
      <source>Choose data with more training images, or leave re-estimation off.</source>
      <translation>请选择训练图像更多的数据，或关闭重新估计。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_gradients.py" />
      <source>Choose data with more training images, raise the limit, or choose a method that needs no data.</source>
      <translation>请选择训练图像更多的数据、提高上限，或选择不需要数据的方法。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Choose data with more training images, raise the limit, or choose dynamic int8.</source>
      <translation>请选择训练图像更多的数据，提高上限，或改用动态 int8。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Choose data with more training images, raise the limit, or round to the nearest level instead.</source>
      <translation>请选择训练图像更多的数据，提高上限，或改为舍入到最近的级别。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fx/_trace.py" />
      <source>Choose dynamic int8, which needs no graph.</source>
      <translation>请选择动态 int8，它不需要计算图。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Choose file…</source>
      <translation>选择文件…</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>Choose its data too, or give the class an attribute such as input_shape = (3, 32, 32).</source>
      <translation>请同时选择它的数据，或给类加上 input_shape = (3, 32, 32) 这样的属性。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Choose layers whose outputs have as many dimensions on both sides; this loss compares {dims}.</source>
      <translation>请选择两侧输出维数相同的层；此损失可比较的维数：{dims}。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/pairs.py" />
      <source>Choose layers…</source>
      <translation>选择层…</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Choose one method for all layers; keep leaves a layer in float.</source>
      <translation>请为所有层选择同一种方法；keep 让某层保持浮点。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Choose one of: {words}.</source>
      <translation>请从中选择：{words}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>Choose other layers, or another method.</source>
      <translation>请选择其他层或其他方法。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Choose saved weights, a recipe, or a Python file with the class of a network.</source>
      <translation>选择已保存的权重、配方，或含有网络类的 Python 文件。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Choose smaller ranks, or keep less energy: up to {percent}% makes a layer smaller.</source>
      <translation>请选择更小的秩，或保留更少的能量：不超过 {percent}% 时会有层变小。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Choose static int8 for convolutions, or choose other layers.</source>
      <translation>卷积请选择静态 int8，或选择其他层。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Choose symmetric weights or the engine auto.</source>
      <translation>请选择对称权重，或引擎 auto。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/accuracy.py" />
      <source>Choose the data the network was made for, or set num_classes of the model.</source>
      <translation>请选择该网络所用的数据，或设置模型的 num_classes。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Choose the engine by itself</source>
      <translation>自动选择引擎</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Choose the file in it that holds the weights.</source>
      <translation>请选择其中保存权重的文件。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>Choose the folder of a finished run.</source>
      <translation>请选择已完成运行的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <location filename="../../backend/export/_export.py" />
      <source>Choose the folder of a run that was carried out to its end.</source>
      <translation>请选择已执行到底的运行的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/tensorboard.py" />
      <source>Choose the folder of a run.</source>
      <translation>请选择某次运行的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Choose the folder that holds one folder for each class.</source>
      <translation>请选择每个类别各有一个子文件夹的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Choose the folder that holds one folder of pictures for each class.</source>
      <translation>请选择每个类别各有一个图片子文件夹的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_folders.py" />
      <source>Choose the folder that holds these files, or remove root to download the data.</source>
      <translation>请选择包含这些文件的文件夹，或去掉 root 以便下载数据。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_folders.py" />
      <source>Choose the folder that holds {names}, or remove root to download the data.</source>
      <translation>请选择包含 {names} 的文件夹，或去掉 root 以便下载数据。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fx/_training.py" />
      <source>Choose the layer before or behind it, or the block that holds it.</source>
      <translation>请选择它之前或之后的层，或包含它的块。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Choose the network</source>
      <translation>选择网络</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Choose the network…</source>
      <translation>选择网络…</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>Choose the weights of this network, or the network that these weights were made with.</source>
      <translation>请选择这个网络的权重，或这些权重所属的网络。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Choose training data with every class; check that its labels are right.</source>
      <translation>请选择包含所有类别的训练数据，并检查标签是否正确。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Choose values above 0.</source>
      <translation>请选择大于 0 的值。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Choose {method}</source>
      <translation>选择 {method}</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Choosing another network starts a new document.</source>
      <translation>选择其他网络会新建一个文档。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/pairs.py" />
      <source>Chosen automatically</source>
      <translation>自动选择</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../gui/panels/changed_gallery.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Class</source>
      <translation>类</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Class of the module</source>
      <translation>模块的类</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Classes</source>
      <translation>类别数</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <location filename="../../gui/panels/tree_footer.py" />
      <source>Clear</source>
      <translation>清除</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Clip gradients</source>
      <translation>梯度裁剪</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/dialogs/table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>Close</source>
      <translation>关闭</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Close without changes</source>
      <translation>不做更改并关闭</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>Code</source>
      <translation>编码</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/codebook.py" />
      <source>Codebook</source>
      <translation>码本 Codebook</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panes.py" />
      <source>Collapse all layers</source>
      <translation>折叠全部层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Column at</source>
      <translation>列的比例</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Combine</source>
      <translation>组合</translation>
    </message>
    <message>
      <location filename="../../gui/plots/saving.py" />
      <source>Comma-separated values (*.csv)</source>
      <translation>逗号分隔值 (*.csv)</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Command line</source>
      <translation>命令行</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Command that reproduces the run</source>
      <translation>重现此次运行的命令</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panels/tradeoff_card.py" />
      <location filename="../../gui/panes.py" />
      <source>Compare</source>
      <translation>对比</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <source>Compare its figures, stages and layers instead.</source>
      <translation>请改为对比它的指标、步骤和各层。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_chips.py" />
      <source>Compare the others with it</source>
      <translation>让其他项与它相比</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Compare with the original</source>
      <translation>与原始模型对比</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Compare {count} run</source>
      <translation>对比 {count} 次运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Compare {count} runs</source>
      <translation>对比 {count} 次运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Comparison</source>
      <translation>对比</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>Compute in</source>
      <translation>计算类型</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Compute in 16 bits only where that is fast</source>
      <translation>只在更快时用 16 位计算</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <location filename="../../backend/stages/prune.py" />
      <location filename="../../backend/stages/quantize.py" />
      <location filename="../../backend/stages/replace.py" />
      <source>Computes the running statistics anew on training images afterwards; needs no labels.</source>
      <translation>之后用训练图像重新计算滑动统计量；不需要标签。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Computing in 16 bits is slower than float32 on processors without the arithmetic.</source>
      <translation>在没有相应运算的处理器上，16 位计算比 float32 慢。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teaching.py" />
      <source>Computing the teacher's outputs</source>
      <translation>正在计算教师网络的输出</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <location filename="../../gui/panels/confusion_table.py" />
      <source>Confusion matrix</source>
      <translation>混淆矩阵</translation>
    </message>
    <message>
      <location filename="../../backend/download.py" />
      <source>Connect to the internet and try again, or put the file into {folder} yourself.</source>
      <translation>请连接网络后重试，或自行把文件放入 {folder}。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/constant.py" />
      <source>Constant</source>
      <translation>恒定</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Content of the file</source>
      <translation>文件内容</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Continue where you left off</source>
      <translation>从上次的地方继续</translation>
    </message>
    <message>
      <location filename="../../backend/models/convnet.py" />
      <source>ConvNet</source>
      <translation>ConvNet</translation>
    </message>
    <message>
      <location filename="../../backend/models/bn_convnet.py" />
      <source>ConvNet with BatchNorm</source>
      <translation>带 BatchNorm 的 ConvNet</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Convert the network to PyTorch and save its state_dict().</source>
      <translation>请把网络转换为 PyTorch 并保存其 state_dict()。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Converting for {engine}</source>
      <translation>正在为 {engine} 转换</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Converting to int8</source>
      <translation>正在转换为 int8</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <location filename="../../gui/panels/error_card.py" />
      <location filename="../../gui/widgets/failure_notice.py" />
      <source>Copied</source>
      <translation>已复制</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Copied {count} layer name.</source>
      <translation>已复制 {count} 个层名称。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Copied {count} layer names.</source>
      <translation>已复制 {count} 个层名称。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Copy</source>
      <translation>复制</translation>
    </message>
    <message>
      <location filename="../../gui/panels/error_card.py" />
      <location filename="../../gui/panels/problems_panel.py" />
      <location filename="../../gui/widgets/failure_notice.py" />
      <source>Copy details</source>
      <translation>复制详情</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Copy layer name</source>
      <translation>复制层名称</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_cifar.py" />
      <location filename="../../backend/datasets/_idx.py" />
      <location filename="../../backend/models/_file_kind.py" />
      <source>Copy or download the file again.</source>
      <translation>请重新复制或下载该文件。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Copy or download the file again; {size} bytes are here.</source>
      <translation>请重新复制或下载该文件；这里只有 {size} 字节。</translation>
    </message>
    <message>
      <location filename="../../backend/events.py" />
      <source>Copy the details into a report; your recipe and your runs are safe.</source>
      <translation>请把详情复制到报告中；您的配方和运行记录都安全。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_text.py" />
      <source>Copy the list and the lines that use it.</source>
      <translation>请只复制该列表和使用它的行。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/log_panel.py" />
      <source>Copy the log</source>
      <translation>复制日志</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <location filename="../../backend/stages/quantize.py" />
      <source>Correct biases</source>
      <translation>校正偏置</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>Correct that line.</source>
      <translation>请改正该行。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>Correct the file, or the arguments it is called with.</source>
      <translation>请改正该文件，或调用它时的参数。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>Corrected the biases of {count} layers.</source>
      <translation>已校正 {count} 层的偏置。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>Correcting biases</source>
      <translation>正在校正偏置</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Correcting biases brings {points} points back, and the file stays as small.</source>
      <translation>校正偏置可找回 {points} 个百分点，文件仍然一样小。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/plots/error_plot.py" />
      <location filename="../../backend/training/schedulers/cosine.py" />
      <source>Cosine</source>
      <translation>余弦</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Cosine similarity of the layer's output to the original's; 1 is equal</source>
      <translation>该层输出与原始输出的余弦相似度；1 表示相同</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>Count</source>
      <translation>数量</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>Coupled with {count} layer</source>
      <translation>与 {count} 层耦合</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>Coupled with {count} layers</source>
      <translation>与 {count} 层耦合</translation>
    </message>
    <message>
      <location filename="../../gui/plots/tradeoff_plot.py" />
      <source>Ctrl+click compares it</source>
      <translation>Ctrl+单击可与其对比</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/curve_table_dialog.py" />
      <source>Curves</source>
      <translation>曲线</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/curve_table_dialog.py" />
      <source>Curves of {run}</source>
      <translation>{run} 的曲线</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Custom mask</source>
      <translation>自定义掩码 Custom mask</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Damping</source>
      <translation>阻尼</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/menus.py" />
      <location filename="../../gui/palette_groups.py" />
      <source>Dark</source>
      <translation>深色</translation>
    </message>
    <message>
      <location filename="../../gui/commands/choices.py" />
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/toolbar.py" />
      <source>Data</source>
      <translation>数据</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Dataset</source>
      <translation>数据集</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Data…</source>
      <translation>数据…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../backend/stages/decompose.py" />
      <source>Decompose</source>
      <translation>分解</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <source>Decomposed {count} layers</source>
      <translation>已分解 {count} 层</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Decomposing {layer}</source>
      <translation>正在分解 {layer}</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>Decoupled</source>
      <translation>解耦 Decoupled</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Depth</source>
      <translation>深度</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>Depthwise separable</source>
      <translation>深度可分离</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Deviation</source>
      <translation>标准差</translation>
    </message>
    <message>
      <location filename="../../gui/commands/choices.py" />
      <location filename="../../gui/dialogs/device_menu.py" />
      <location filename="../../gui/toolbar.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Device</source>
      <translation>设备</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Device…</source>
      <translation>设备…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Dialogs</source>
      <translation>对话框</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/description.py" />
      <location filename="../../backend/recipe/_meant.py" />
      <location filename="../../backend/stages/_layers.py" />
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Did you mean {close}?</source>
      <translation>您是指 {close} 吗？</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Difference</source>
      <translation>差异</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/digits.py" />
      <source>Digits</source>
      <translation>手写数字 Digits</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_base.py" />
      <source>Dimension</source>
      <translation>维度</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <source>Discard</source>
      <translation>不保存</translation>
    </message>
    <message>
      <location filename="../../gui/frame.py" />
      <source>Dismiss</source>
      <translation>关闭提示</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../backend/stages/_training.py" />
      <source>Distill</source>
      <translation>蒸馏</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Distillation has a weight of 0: the teacher teaches nothing.</source>
      <translation>蒸馏的权重为 0：教师什么也没有教。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/step.py" />
      <source>Divides the learning rate by ten after each third of the stage.</source>
      <translation>每过步骤的三分之一，学习率除以十。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/multi_step.py" />
      <source>Divides the learning rate by ten after half and after three quarters of the stage.</source>
      <translation>在步骤的一半和四分之三之后，学习率各除以十。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/plateau.py" />
      <source>Divides the learning rate by ten when accuracy on validation images has not risen for three epochs.</source>
      <translation>验证图像上的准确率连续三轮没有上升时，学习率除以十。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/rmsprop.py" />
      <source>Divides the step of every weight by a running mean of its gradient's size.</source>
      <translation>把每个权重的步长除以其梯度大小的滑动平均。</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>Do not smooth labels</source>
      <translation>不做标签平滑</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>Do not use this file; choose another format.</source>
      <translation>请勿使用此文件，换一种格式。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dorefa.py" />
      <source>DoReFa</source>
      <translation>DoReFa</translation>
    </message>
    <message>
      <location filename="../../gui/stage_settings.py" />
      <source>Does not learn: add it as a stage of its own</source>
      <translation>它不在训练中学习：请作为单独的步骤添加</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Does not match</source>
      <translation>不一致</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Dominated</source>
      <translation>被支配</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Don't allow</source>
      <translation>不允许</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/panels/stage_card.py" />
      <source>Done</source>
      <translation>完成</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <source>Dot</source>
      <translation>点</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Download the file itself, not the page that links to it.</source>
      <translation>请下载文件本身，而不是指向它的网页。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_cifar.py" />
      <source>Download the original archive again.</source>
      <translation>请重新下载原始压缩包。</translation>
    </message>
    <message>
      <location filename="../../backend/download.py" />
      <source>Downloading {name}</source>
      <translation>正在下载 {name}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Dragging a limit sets the amounts of all layers, once a scan knows what each may lose.</source>
      <translation>扫描得知各层可减少多少之后，拖动上限即可设定所有层的比例。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Draws new weights first and keeps only the structure.</source>
      <translation>先重新抽取权重，只保留结构。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Drop a model file here</source>
      <translation>将模型文件拖到此处</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Dynamic int8</source>
      <translation>动态 int8</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Dynamic int8 leaves layers with {share} of the MACs in float32.</source>
      <translation>动态 int8 让占 {share} MACs 的层仍为 float32。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/dynamic_layerwise.py" />
      <source>Dynamic layerwise</source>
      <translation>动态逐层 Dynamic layerwise</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Each cell is {down} × {across} weights: the value farthest from 0, or the share kept</source>
      <translation>每格为 {down} × {across} 个权重：显示离 0 最远的值，或保留的占比</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Each cell is {kernels} kernels of {size} weights: the value farthest from 0, or the share kept</source>
      <translation>每格为 {kernels} 个卷积核，各 {size} 个权重：显示离 0 最远的值，或保留的占比</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Each channel is filtered by itself in {where} (depthwise)</source>
      <translation>在 {where} 中每个通道单独滤波（depthwise）</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Each file is opened again in a clean process and its outputs compared</source>
      <translation>每个文件都会在独立进程中重新打开并比较输出</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>Each is set against the original as it was timed in the same run.</source>
      <translation>每一项都与同一次运行中计时的原始模型相比。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/dynamic_layerwise.py" />
      <source>Each layer of the student is compared with several of the teacher, and the nearest one teaches it.</source>
      <translation>学生网络的每一层与教师网络的若干层比较，由最接近的一层来教。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Each layer of the student learns from the layer of the teacher that it is paired with. Without pairs, the run proposes them from the shapes.</source>
      <translation>学生的每一层向与之配对的教师的层学习。没有配对时，运行会根据形状自动配对。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/sensitivity_table_dialog.py" />
      <source>Each layer pruned alone, all others as they are.</source>
      <translation>每层单独剪枝，其他层保持原样。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/sensitivity_table_dialog.py" />
      <source>Each layer pruned alone, all others as they are. Nothing pruned: {accuracy}%.</source>
      <translation>每层单独剪枝，其他层保持原样。不剪枝时：{accuracy}%。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layers_panel.py" />
      <source>Each layer's parameters, sparsity, precision and error appear here once a run has measured them.</source>
      <translation>运行测量之后，这里显示每层的参数量、稀疏度、精度和误差。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/codebook.py" />
      <source>Each layer's weights take a few shared values, found by k-means, and zeros stay zero. The file is small, with Huffman codes; the network computes in float32, no faster than before.</source>
      <translation>每层权重只取 k-means 找到的少数共享值，零保持为零。用 Huffman 编码后文件很小；网络以 float32 计算，不会更快。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>Each run is a folder here, with its recipe, figures and checkpoints.</source>
      <translation>每次运行是这里的一个文件夹，含配方、数值和检查点。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Each run of this network, and each step of a run, becomes a dot here: accuracy against size, MACs or latency. The best of them form a front; a dot gives its recipe back.</source>
      <translation>此网络的每次运行及其中每一步都会成为这里的一个点：准确率对大小、MACs 或延迟。其中最好的构成前沿；由点可以取回其配方。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Earlier</source>
      <translation>提前</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Edit</source>
      <translation>编辑</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Edit as text</source>
      <translation>以文本编辑</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Edit its settings</source>
      <translation>编辑其设置</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_panel.py" />
      <source>Edits apply to the next run</source>
      <translation>修改将在下次运行时生效</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Empty takes the data's.</source>
      <translation>留空则与数据相同。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Empty takes the optimizer's usual one, such as 0.01 for SGD and 0.001 for Adam; a tenth of it for quantization-aware training.</source>
      <translation>留空则取优化器的常用值，例如 SGD 为 0.01，Adam 为 0.001；量化感知训练取其十分之一。</translation>
    </message>
    <message>
      <location filename="../../backend/export/encoded.py" />
      <source>Encoded</source>
      <translation>编码文件 Encoded</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/_base.py" />
      <source>End</source>
      <translation>结束</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Ends with the network of the epoch that was most accurate on validation images, not of the last one. The same epochs count as for stopping early.</source>
      <translation>以验证图像上最准确的那一轮的网络结束，而不是最后一轮。计入的轮与提前停止相同。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>Energy kept</source>
      <translation>保留的能量</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Engine</source>
      <translation>引擎</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Engine busy</source>
      <translation>引擎运行中</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Engine ready</source>
      <translation>引擎就绪</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Engine restarting</source>
      <translation>引擎正在重启</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Engine starting</source>
      <translation>引擎正在启动</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/entropy.py" />
      <source>Entropy</source>
      <translation>熵 Entropy</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>Entry {number} selects no layer of this network.</source>
      <translation>第 {number} 项没有选中该网络中的任何层。</translation>
    </message>
    <message>
      <location filename="../../backend/training/_report.py" />
      <source>Epoch {epoch} of {epochs}</source>
      <translation>第 {epoch}/{epochs} 轮</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Epochs</source>
      <translation>轮数</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Epochs, or parts of one, in which the learning rate rises from nearly zero; the schedule follows. Helps large rates and trainings from scratch.</source>
      <translation>学习率从接近零升上来所用的轮数，可为小数；之后才进入调度。对较大的学习率和从头训练有帮助。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Equalize layers</source>
      <translation>均衡各层</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>Equalized {count} pairs of layers; the largest factor was {factor}.</source>
      <translation>已均衡 {count} 对层；最大系数为 {factor}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>Equalizing layers</source>
      <translation>正在均衡各层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>Error</source>
      <translation>错误</translation>
    </message>
    <message>
      <location filename="../../gui/panels/error_chart.py" />
      <source>Error per layer</source>
      <translation>逐层误差</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Estimated: over</source>
      <translation>估算：超出</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Estimated: within</source>
      <translation>估算：在内</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Estimated: within budget</source>
      <translation>估算：在预算内</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Estimated: {reason}</source>
      <translation>估算：{reason}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Every block is kept as it is, so there is nothing to remove.</source>
      <translation>所有块都保持不变，因此没有可移除的。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Every layer is kept as it is, so there is nothing to decompose.</source>
      <translation>每一层都保持原样，因此没有可分解的内容。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_layers.py" />
      <source>Every layer is kept as it is, so there is nothing to quantize.</source>
      <translation>所有层都保持不变，没有可量化的内容。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Every layer is kept as it is, so there is nothing to replace.</source>
      <translation>每一层都保持不变，因此没有可替换的。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>Every layer is kept as it is, so there is nothing to train.</source>
      <translation>所有层都保持不变，没有可训练的内容。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>Every stage is so short that all of its blocks stay.</source>
      <translation>每个阶段都很短，所有块都保留。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_controls.py" />
      <source>Every step</source>
      <translation>每一步</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_base.py" />
      <source>Every weight of it is zero</source>
      <translation>它的所有权重都是零</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_pruner.py" />
      <source>Every weight of {layer} is pruned, so it passes nothing on.</source>
      <translation>{layer} 的所有权重都已剪掉，因此不再传递任何信息。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Everywhere</source>
      <translation>任何位置</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Exchanges layers for layers of another kind.</source>
      <translation>把层换成另一种层。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>Exchanges maximum and average pooling over the same windows.</source>
      <translation>在相同窗口上互换最大池化和平均池化。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/activation.py" />
      <source>Exchanges the kind of activation.</source>
      <translation>更换激活函数的种类。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panes.py" />
      <source>Expand all layers</source>
      <translation>展开全部层</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/exponential.py" />
      <source>Exponential</source>
      <translation>指数</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Export</source>
      <translation>导出</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Export again</source>
      <translation>再次导出</translation>
    </message>
    <message>
      <location filename="../../backend/export/_base.py" />
      <source>Export it again, into a folder that no other program changes.</source>
      <translation>请重新导出到其他程序不会改动的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <location filename="../../backend/export/whole_module.py" />
      <location filename="../../backend/quantization/_plain.py" />
      <source>Export the state dict or safetensors instead.</source>
      <translation>请改为导出 state dict 或 safetensors。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Export {run}</source>
      <translation>导出 {run}</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <location filename="../../gui/panels/tradeoff_card.py" />
      <location filename="../../gui/toolbar.py" />
      <source>Export…</source>
      <translation>导出…</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/fpgm.py" />
      <source>FPGM</source>
      <translation>FPGM</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/panels/stage_card.py" />
      <source>Failed</source>
      <translation>失败</translation>
    </message>
    <message>
      <location filename="../../gui/plots/mask_plot.py" />
      <source>Farthest from 0</source>
      <translation>离 0 最远</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/fashion_mnist.py" />
      <source>Fashion-MNIST</source>
      <translation>Fashion-MNIST</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/feature_mse.py" />
      <source>Feature MSE</source>
      <translation>特征 MSE</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Few bits cost most in these two, so papers leave them in float. A rule that names one of them by itself is followed.</source>
      <translation>低比特对这两层的损失最大，因此论文让它们保持浮点。若有规则单独指定其中一层，则按规则执行。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Figure</source>
      <translation>指标</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Figure of each channel</source>
      <translation>每个通道的数值</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Figure of the layers</source>
      <translation>各层的指标</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Figures</source>
      <translation>指标</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>File</source>
      <translation>文件</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>File with masks</source>
      <translation>掩码文件</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Files that you open or save appear here.</source>
      <translation>您打开或保存的文件会出现在这里。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/path_field.py" />
      <source>File…</source>
      <translation>文件…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Filter</source>
      <translation>筛选</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Filter layers</source>
      <translation>筛选层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Filter layers by name, type or pattern</source>
      <translation>按名称、类型或模式筛选层</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pair_side.py" />
      <source>Filter layers of {network}</source>
      <translation>筛选{network}的层</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Filter templates</source>
      <translation>筛选模板</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pair_side.py" />
      <source>Filter: name, type, layer1.*</source>
      <translation>筛选：名称、类型、layer1.*</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Filter: name, type, layer1.*, &gt;1M</source>
      <translation>筛选：名称、类型、layer1.*、&gt;1M</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>Finding out which channels depend on each other</source>
      <translation>正在找出哪些通道相互依赖</translation>
    </message>
    <message>
      <location filename="../../backend/engine/jobs/couplings.py" />
      <source>Finding out which channels go together takes too long for this network</source>
      <translation>对这个网络来说，找出哪些通道必须一起删除耗时太长</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Finds every amount by a sensitivity scan; up to 1 a share of the original, above it the figure.</source>
      <translation>通过敏感度扫描求出各层比例；不超过 1 表示原始值的份额，超过 1 表示数值本身。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>Finds every rank so that the least energy is lost; up to 1 a share of the original, above it the figure.</source>
      <translation>寻找每个秩，使损失的能量最少；不超过 1 时是原网络的份额，超过 1 时是具体数值。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Finds the bits of every layer from its measured noise; a size up to 1 is a share of the original.</source>
      <translation>按测得的噪声确定每层的比特数；大小不超过 1 时表示原始大小的份额。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Finds which channels can go until a tenth of the parameters is left, removes them, and trains.</source>
      <translation>找出可以去掉的通道，直到只剩十分之一的参数，移除它们，再训练。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>Fine-tune</source>
      <translation>微调</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Fine-tuning is likely to bring it back: {batches} batches brought it from {before}% to {after}%.</source>
      <translation>微调很可能使其恢复：{batches} 个批次使它从 {before}% 升到 {after}%。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Fine-tuning is unlikely to bring it back: in a trial the loss became infinite.</source>
      <translation>微调不大可能使其恢复：试训中损失变为无穷大。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Fine-tuning is unlikely to bring it back: {batches} batches brought it from {before}% to {after}%.</source>
      <translation>微调不大可能使其恢复：{batches} 个批次使它从 {before}% 升到 {after}%。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Fine-tuning is unlikely to bring it back: {batches} batches brought it from {before}% to {after}%. With {layer} as it was, accuracy is {restored}%.</source>
      <translation>微调不大可能使其恢复：{batches} 个批次使它从 {before}% 升到 {after}%。若 {layer} 保持原样，准确率为 {restored}%。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Fine-tuning wins back most of what pruning costs.</source>
      <translation>微调能恢复剪枝损失的大部分准确率。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>First and last layer</source>
      <translation>首层和末层</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Fit a head for {count} classes</source>
      <translation>为 {count} 个类别更换输出层</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>Fold BatchNorm</source>
      <translation>折叠 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../gui/problems/rewriting.py" />
      <source>Fold after the training</source>
      <translation>在训练之后折叠</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Fold the budget</source>
      <translation>折叠预算</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Folder</source>
      <translation>文件夹</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Folder for the exported files</source>
      <translation>导出文件的文件夹</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Folder of pictures</source>
      <translation>图片文件夹</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Folder or file</source>
      <translation>文件夹或文件</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Folder or file; downloaded where nothing is given</source>
      <translation>文件夹或文件；留空则下载</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/path_field.py" />
      <source>Folder…</source>
      <translation>文件夹…</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dorefa.py" />
      <source>For 1 to 4 bits when the network is trained anyway and its activations are bounded. Costs a training.</source>
      <translation>在网络本就要训练且激活有界时用于 1 到 4 位。需要一次训练。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/lsq.py" />
      <source>For 2 to 4 bits with the least loss of accuracy. Costs a training: some epochs at a small learning rate.</source>
      <translation>用于 2 到 4 位且准确率损失最小。需要训练：以较小的学习率训练几轮。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>For 2 to 4 bits without training: clearly better than plain rounding. Needs calibration images and a few minutes for large layers.</source>
      <translation>无需训练即可用于 2 到 4 位：明显优于直接舍入。需要校准图像，大层需要几分钟。</translation>
    </message>
    <message>
      <location filename="../../backend/export/state_dict.py" />
      <source>For PyTorch code that calls load_state_dict; every training script can.</source>
      <translation>用于调用 load_state_dict 的 PyTorch 代码；任何训练脚本都可以。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/codebook.py" />
      <source>For a small file after pruning: zeros and repeated values pack well. Clustering takes seconds; speed stays.</source>
      <translation>剪枝之后用于得到小文件：零和重复的值压缩效果好。聚类只需几秒；速度不变。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>For a smaller file when no images are at hand, or the layers' inputs can't be rounded. Takes a moment; below 4 bits GPTQ is better.</source>
      <translation>没有图像，或层的输入无法舍入时，用于得到更小的文件。瞬间完成；低于 4 位时 GPTQ 更好。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/entropy.py" />
      <source>For activations with long tails, when percentiles cut too much. Slower than min-max, still seconds.</source>
      <translation>适用于长尾激活，且百分位裁剪过多时。比最小值-最大值慢，但仍只需几秒。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/constant.py" />
      <source>For an epoch or two, or to see what the learning rate alone does.</source>
      <translation>适用于一两轮训练，或想单独观察学习率的作用时。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/attention_transfer.py" />
      <source>For convolutional networks of any widths: nothing is trained beside the student. It says where to look, not what to see; use it beside soft targets.</source>
      <translation>用于任意宽度的卷积网络：除学生网络外无需训练其他内容。它只说明看哪里，不说明看到什么；请与软目标一起使用。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/slim.py" />
      <source>For convolutions followed by BatchNorm, best with some epochs of training in which the scales shrink. Ranking itself costs nothing.</source>
      <translation>适用于后接 BatchNorm 的卷积，最好先训练几轮让缩放系数变小。排序本身没有开销。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>For convolutions with many channels, before a long fine-tuning: the new layers begin as close to the old ones as they can, which is not very close.</source>
      <translation>适用于通道多的卷积，之后需要较长的微调：新层从尽可能接近旧层处开始，但并不十分接近。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/tucker.py" />
      <source>For convolutions with many channels. It keeps the kernel, so fine-tuning brings most of the accuracy back; layers of few channels have little to give.</source>
      <translation>用于通道多的卷积。它保留卷积核，因此微调能恢复大部分准确率；通道少的层没有多少可减。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/layer.py" />
      <source>For deep residual networks that shall become faster on any hardware. Each block is tried on validation images, several times over.</source>
      <translation>适用于需要在任何硬件上变快的深层残差网络。每个残差块都要在验证图像上反复试验。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>For devices that know one of them only, or to try which suits the data. Fine-tune afterwards: the next layer sees other values.</source>
      <translation>适用于只支持其中一种的设备，或用来尝试哪一种更适合数据。之后需要微调：下一层得到的值不同。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/one_cycle.py" />
      <source>For few epochs at a large learning rate, as after heavy pruning or from scratch.</source>
      <translation>适用于以较大学习率训练少数几轮，例如大量剪枝之后或从头训练。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/sgd.py" />
      <source>For fine-tuning convolutional networks, which it leaves near where they were. Needs a fitting learning rate.</source>
      <translation>适用于微调卷积网络，使其保持在原来附近。需要合适的学习率。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/linear.py" />
      <source>For fine-tuning, most of all of transformers and after a warm-up.</source>
      <translation>适用于微调，尤其是 Transformer，并在预热之后。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/agp.py" />
      <source>For high sparsity: early cuts have time to heal. Needs several epochs.</source>
      <translation>适用于高稀疏度：早期的剪枝有时间恢复。需要多轮训练。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/svd.py" />
      <source>For large linear layers: rank r costs r · (inputs + outputs) in place of inputs · outputs. Fine-tune afterwards; what it keeps is closest to the weight, not to the accuracy.</source>
      <translation>用于大的线性层：秩 r 的代价是 r ·（输入数 + 输出数），而不是输入数 · 输出数。之后请微调；它保留的最接近权重，而不是准确率。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/adaptive_1d.py" />
      <source>For linear and attention layers, where the student may order its features in another way than its teacher. Feature MSE is for convolutions.</source>
      <translation>用于线性层和注意力层，学生网络的特征顺序可以与教师网络不同。卷积请使用特征 MSE。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/plateau.py" />
      <source>For long trainings whose length is not known beforehand; goes well with early stopping.</source>
      <translation>适用于事先不知道长度的长训练；适合与提前停止配合。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/multi_step.py" />
      <source>For longer trainings from scratch, as residual networks are trained on CIFAR-10.</source>
      <translation>适用于较长的从头训练，例如在 CIFAR-10 上训练残差网络。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/step.py" />
      <source>For longer trainings, when results shall be compared with older papers that trained so.</source>
      <translation>适用于较长的训练，以便与采用这种方式的早期论文比较。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/one_shot.py" />
      <source>For moderate amounts, or when time is short. Costs nothing beyond the fine-tuning.</source>
      <translation>适用于中等比例，或时间紧张时。除微调外没有额外开销。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>For networks that are mostly linear or recurrent layers, and where no images are at hand. Needs no data; convolutions stay in float.</source>
      <translation>适用于以线性层或循环层为主的网络，以及没有图像的情形。不需要数据；卷积保持浮点。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/rmsprop.py" />
      <source>For networks whose gradients differ much in size, as in the training of MobileNets. One more number for each weight.</source>
      <translation>适用于各处梯度大小相差悬殊的网络，例如训练 MobileNet。每个权重多存一个数。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/apoz.py" />
      <source>For networks with ReLU, whose silent channels it finds. One pass over the calibration images.</source>
      <translation>适用于使用 ReLU 的网络，能找出沉默的通道。只需遍历一次校准图像。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>For one's own scripts on the same versions, where convenience counts. Reading it runs code: not for files from others.</source>
      <translation>用于相同版本下自己的脚本，图方便时使用。读取时会运行代码：不适合来自他人的文件。</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <source>For other runtimes and languages: ONNX Runtime, OpenVINO, TensorRT. Low precision is written as float32.</source>
      <translation>用于其他运行时和语言：ONNX Runtime、OpenVINO、TensorRT。低精度以 float32 写出。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adagrad.py" />
      <source>For short trainings with rare features: steps only ever shrink. One more number for each weight.</source>
      <translation>适用于特征稀少的短训练：步长只减不增。每个权重多存一个数。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/cp.py" />
      <source>For the fewest weights of all. It is the hardest to fine-tune: use a small learning rate, and Tucker where accuracy does not come back. Finding ranks by energy takes a while.</source>
      <translation>权重最少。它最难微调：请使用较小的学习率，准确率回不来时改用 Tucker。按能量寻找秩需要一些时间。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>For the very smallest files, where some accuracy may go. Needs a long training; best with BatchNorm before each sign.</source>
      <translation>适用于追求最小文件且可以损失部分准确率的情形。需要较长的训练；最好在每个符号函数之前加 BatchNorm。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adamw.py" />
      <source>For transformers, and wherever weight decay matters. Keeps two more numbers for each weight.</source>
      <translation>适用于 Transformer，以及权重衰减重要的场合。每个权重多存两个数。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/taylor.py" />
      <source>For whole channels when labeled images are at hand: mostly better than norms. One backward pass for each calibration batch.</source>
      <translation>有带标签的图像时用于剪除整个通道：多数情况下优于范数。每个校准批次做一次反向传播。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/fpgm.py" />
      <source>For whole channels where norms are all alike: it looks for the replaceable, not for the small. Needs no data.</source>
      <translation>适用于各通道范数相近的情形：它寻找可被替代的通道，而不是范数小的通道。不需要数据。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Format</source>
      <translation>格式</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Formats</source>
      <translation>格式</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Found from names and shapes</source>
      <translation>根据名称和形状识别</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/files.py" />
      <source>Free some space, or choose a folder on another disk.</source>
      <translation>请腾出一些空间，或选择其他磁盘上的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>Freeze BatchNorm</source>
      <translation>冻结 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>Freeze ranges</source>
      <translation>冻结范围</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>From</source>
      <translation>起</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/percentile.py" />
      <source>From percentile 0.01 to percentile 99.99 of the values; the few beyond are clipped.</source>
      <translation>取数值的第 0.01 到第 99.99 百分位；之外的少数值被截断。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>From scratch</source>
      <translation>从头训练</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>From the last run</source>
      <translation>来自上次运行</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/min_max.py" />
      <source>From the smallest to the largest value seen.</source>
      <translation>从出现过的最小值到最大值。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>From {low} to {high} · mean {mean} · standard deviation {std} · {zeros} are zero</source>
      <translation>从 {low} 到 {high} · 均值 {mean} · 标准差 {std} · {zeros} 为零</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Function</source>
      <translation>函数</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>GPTQ</source>
      <translation>GPTQ</translation>
    </message>
    <message>
      <location filename="../../backend/models/gru_digits.py" />
      <source>GRU for digits</source>
      <translation>手写数字 GRU</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Give a limit of 1 or more.</source>
      <translation>请给出不小于 1 的上限。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Give amounts between 0 and 1.</source>
      <translation>请给出 0 到 1 之间的比例。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Give an amount here, or move the stage out of the during list.</source>
      <translation>请在此给出比例，或把该步骤移出 during 列表。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_cut.py" />
      <source>Give at least {fewest}.</source>
      <translation>请至少给出 {fewest}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Give images as count × height × width × channels.</source>
      <translation>请按 数量×高×宽×通道 给出图像。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Give it half of the loss</source>
      <translation>让它占损失的一半</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Give one label for each image, in the same order.</source>
      <translation>请按相同顺序为每张图像给出一个标签。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Give one value for each channel.</source>
      <translation>请为每个通道给出一个值。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Give one whole number for each image, or a metric of your own with the source python.</source>
      <translation>请为每张图像给出一个整数，或用来源 python 提供自己的指标。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>Give the class a forward that returns the logits alone.</source>
      <translation>请让类的 forward 只返回 logits。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Give the files a name</source>
      <translation>请给文件命名</translation>
    </message>
    <message>
      <location filename="../../gui/problems/rewriting.py" />
      <source>Give the folding a stage of its own behind the training.</source>
      <translation>请把折叠放到训练之后单独的一步中。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_distill.py" />
      <source>Give the labels or a loss a weight above 0.</source>
      <translation>请让标签或某项损失的权重大于 0。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Go on</source>
      <translation>继续</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Go on where you were, or open a file.</source>
      <translation>从上次的地方继续，或打开文件。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Goal</source>
      <translation>目的</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/gradient.py" />
      <source>Gradient</source>
      <translation>梯度 Gradient</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Gradients whose norm over all weights is larger are shortened to this. Empty leaves them.</source>
      <translation>所有权重的梯度范数大于此值时缩短到此值。留空则不裁剪。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Group</source>
      <translation>分组</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Half of all weights by one global ranking, fine-tuning, then int8.</source>
      <translation>按全局排序剪去一半权重，微调，然后 int8。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Half of the convolutions' channels go; linear layers become two of low rank.</source>
      <translation>移除卷积一半的通道；线性层变为两个低秩层。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Half of the multiply-accumulates with every channel kept: each convolution becomes three smaller ones.</source>
      <translation>乘加运算减半且保留每个通道：每个卷积变为三个更小的卷积。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Half of the multiply-accumulates: a scan finds which channels go, and the original network teaches.</source>
      <translation>乘加运算减半：扫描找出去掉哪些通道，由原始模型蒸馏。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Half of the multiply-accumulates: the large linear layers become two of low rank each, then fine-tuning.</source>
      <translation>乘加运算减半：大的线性层各变为两个低秩层，然后微调。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/float16.py" />
      <source>Half the size at nearly the same accuracy; computes in 16 bits where the device can, else as fast as float32.</source>
      <translation>大小减半，准确率几乎不变；设备支持时以 16 位计算，否则与 float32 一样快。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bfloat16.py" />
      <source>Half the size with the range of float32, coarser than float16; often faster where the device has the arithmetic.</source>
      <translation>大小减半，范围与 float32 相同，比 float16 粗糙；在设备支持该运算时通常更快。</translation>
    </message>
    <message>
      <location filename="../../backend/models/half_lenet.py" />
      <source>HalfLeNet</source>
      <translation>HalfLeNet</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_kernel.py" />
      <source>Has a 1×1 kernel, which SVD takes</source>
      <translation>卷积核为 1×1，请用 SVD</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/hessian.py" />
      <source>Hessian</source>
      <translation>海森 Hessian</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/hidden_cosine.py" />
      <source>Hidden cosine</source>
      <translation>隐藏余弦 Hidden cosine</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <location filename="../../backend/quantization/observers/histogram.py" />
      <source>Histogram</source>
      <translation>直方图</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>Histogram of {layer}</source>
      <translation>{layer} 的直方图</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Holds</source>
      <translation>内容</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/slim.py" />
      <source>How hard training pulls the scales to zero.</source>
      <translation>训练把缩放系数拉向零的强度。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/agp.py" />
      <location filename="../../backend/pruning/schedules/iterative.py" />
      <source>How many times it prunes, evenly spread over the way.</source>
      <translation>剪枝的次数，均匀分布在全程。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>How many times it prunes; the stage is trained once more than that.</source>
      <translation>剪枝的次数；该步骤的训练比它多一次。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>How the amount grows while the weights move; only within a train stage.</source>
      <translation>权重变动时比例如何增长；仅用于训练步骤之内。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>How the range of an activation is chosen.</source>
      <translation>如何选择激活的范围。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>If Pare did that, open the folder of its run; else the float network that they were made from.</source>
      <translation>如果是 Pare 量化的，请打开该次运行的文件夹；否则请打开量化之前的浮点网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>If the network is your own, open it with the source python: its file and its class.</source>
      <translation>如果是您自己的网络，请用来源 python 打开：它的文件和类。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Image</source>
      <translation>图像</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/layer.py" />
      <source>Images</source>
      <translation>图像数</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>Images whose answer changed</source>
      <translation>回答发生变化的图像</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Import NNI config</source>
      <translation>导入 NNI 配置</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Import NNI config…</source>
      <translation>导入 NNI 配置…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Imports</source>
      <translation>导入</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/soft_targets.py" />
      <source>In every fine-tuning of a classifier after much was pruned or quantized. The teacher is asked once for each image; in every epoch again where images are augmented.</source>
      <translation>用于大量剪枝或量化之后的每次分类器微调。教师网络对每张图像只计算一次；使用图像增强时每轮都重新计算。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>In place of the energy: so many channels between the factors.</source>
      <translation>代替能量：因子之间的通道数。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/moving_average.py" />
      <source>In quantization-aware training, where ranges move with the weights. As fast as min-max.</source>
      <translation>用于量化感知训练，此时范围随权重变化。与最小值-最大值一样快。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>In the script that made it, save the weights instead: {code}.</source>
      <translation>请在生成它的脚本中改为保存权重：{code}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/threshold.py" />
      <source>In the units of the weights themselves.</source>
      <translation>单位与权重本身相同。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/tucker.py" />
      <source>Input channels of the kernel, where they differ from its output channels (the rank).</source>
      <translation>卷积核的输入通道数，当它与输出通道数（秩）不同时填写。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Input · kernel</source>
      <translation>输入 · 卷积核</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>Insert BatchNorm</source>
      <translation>插入 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_engines.py" />
      <source>Install PyTorch's standard build for this computer.</source>
      <translation>请安装适用于本机的 PyTorch 标准版本。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>Install {module} in Pare's environment, or put its file beside this one.</source>
      <translation>请在 Pare 的环境中安装 {module}，或把它的文件放在此文件旁边。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Int8 after training, with ranges from calibration images.</source>
      <translation>训练后 int8，范围来自校准图像。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Int8 with the rounding learned: one epoch of quantization-aware training.</source>
      <translation>学习舍入的 int8：一轮量化感知训练。</translation>
    </message>
    <message>
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>Integer Q</source>
      <translation>整数 Q</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_kernel.py" />
      <location filename="../../backend/decomposition/svd.py" />
      <source>Is a grouped convolution</source>
      <translation>是分组卷积</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_moves.py" />
      <source>Is added to a fixed number of zeros</source>
      <translation>与固定数量的零相加</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_layers.py" />
      <source>Is combined along another dimension than its channels</source>
      <translation>沿通道以外的维度合并</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_trace.py" />
      <source>Is combined with a tensor of a fixed size that is no parameter</source>
      <translation>与一个固定大小的非参数张量合并</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_trace.py" />
      <source>Is combined with the network's input</source>
      <translation>与网络的输入合并</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_layers.py" />
      <source>Is multiplied with another of the network's results, as attention with code of its own does</source>
      <translation>与网络的另一个结果相乘，如自写代码的注意力那样</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_layers.py" />
      <source>Is normalized over its channels together, so removing one would change the others</source>
      <translation>在所有通道上一起归一化，移除一个会改变其他通道</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_pointwise.py" />
      <source>Is one value for all channels of another result</source>
      <translation>是另一个结果所有通道共用的一个值</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_pointwise.py" />
      <source>Is written over a part of a tensor, or over one that is used under another name</source>
      <translation>写入了张量的一部分，或写入了以其他名称使用的张量</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>It can hold: {words}.</source>
      <translation>可以是：{words}。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_clean.py" />
      <source>It can't be opened: {error}.</source>
      <translation>无法打开：{error}。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>It divides by a number of its own</source>
      <translation>它除以自己设定的数</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_find_blocks.py" />
      <source>It does not pass its input on</source>
      <translation>它不把输入传递下去</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>It gives values that {precision} can't hold</source>
      <translation>它产生 {precision} 无法容纳的值</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>It has a single channel, and that must stay</source>
      <translation>它只有一个通道，必须保留</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_correct.py" />
      <source>It has no bias, and no BatchNorm follows it</source>
      <translation>它没有偏置，其后也没有 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>It has no more channels than the {multiple} of which a multiple stays</source>
      <translation>它的通道数不超过 {multiple}，而要保留它的整数倍</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>It has weights above {largest}</source>
      <translation>它有超过 {largest} 的权重</translation>
    </message>
    <message>
      <location filename="../../backend/models/_trust.py" />
      <source>It holds only weights; nothing in it can run.</source>
      <translation>它只含权重，其中没有任何可运行的内容。</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/trust_badge.py" />
      <source>It imports {names}.</source>
      <translation>它会导入 {names}。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>It is a grouped convolution already</source>
      <translation>它已经是分组卷积</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_text.py" />
      <source>It is a list of settings, such as {example}.</source>
      <translation>它是一个设置列表，例如 {example}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>It is made for {shape}; choose data of that shape, or another network.</source>
      <translation>它适用于 {shape}；请选择该形状的数据，或其他网络。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>It is no BatchNorm</source>
      <translation>它不是 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/activation.py" />
      <source>It is no activation</source>
      <translation>它不是激活函数</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>It is no convolution</source>
      <translation>它不是卷积</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>It is no pooling layer</source>
      <translation>它不是池化层</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>It is of this kind already</source>
      <translation>它已经是这一种</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>It is the first or the last layer; the setting First and last layer leaves them in float</source>
      <translation>它是首层或末层；设置“首层和末层”使其保持浮点</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>It keeps no statistics, so it computes something else for every batch</source>
      <translation>它不保存统计量，因此对每个批次的计算都不同</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>It normalizes other dimensions than the linear layer before it computes</source>
      <translation>它归一化的维度不是它之前的线性层所计算的维度</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_find_blocks.py" />
      <source>It returns more than one output</source>
      <translation>它有多个输出</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>It returns where the maxima are, too</source>
      <translation>它还返回最大值的位置</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_find_blocks.py" />
      <location filename="../../backend/replacement/_calls.py" />
      <source>It runs more than once</source>
      <translation>它运行不止一次</translation>
    </message>
    <message>
      <location filename="../../gui/queueing.py" />
      <source>It stands in {file} now; its recipes can be opened one by one.</source>
      <translation>它现在位于 {file}；其中的配方可以逐个打开。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>It stands in {part}, which decides in Python what to compute</source>
      <translation>它位于 {part} 中，该部分用 Python 决定计算内容</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_find_blocks.py" />
      <source>It takes more than one input</source>
      <translation>它有多个输入</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_find_blocks.py" />
      <source>It turns {before} into {after}</source>
      <translation>它把 {before} 变成 {after}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/iterative.py" />
      <source>Iterative</source>
      <translation>迭代剪枝 Iterative</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Its attention computes with its weight itself, as one operation of torch's</source>
      <translation>它的注意力由 torch 以单个运算直接使用权重计算</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_rules.py" />
      <source>Its channels are combined into one value, which every one of them changes</source>
      <translation>它的通道合并成一个值，每个通道都会影响它</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_rules.py" />
      <source>Its channels are computed from one another in order</source>
      <translation>它的通道依次由前一个计算得出</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_moves.py" />
      <source>Its channels are picked by their position</source>
      <translation>它的通道按位置选取</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <location filename="../../backend/pruning/_pruner.py" />
      <location filename="../../backend/removal/_analyze.py" />
      <source>Its channels are the classes</source>
      <translation>它的通道就是类别</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>Its channels are the network's output</source>
      <translation>它的通道就是网络的输出</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>Its channels go together with those of {layer}, which is kept</source>
      <translation>它的通道只能与 {layer} 的通道一起移除，而后者保持不变</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/layer_weight.py" />
      <source>Its histogram shows them.</source>
      <translation>它的直方图会显示这些数。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>Its inputs go with the layers that compute them; only outputs can be chosen</source>
      <translation>它的输入随计算它们的层而定；只能选择输出</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>Its kernel is a single value, so there is nothing to separate</source>
      <translation>它的卷积核只有一个值，没有可分离的</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_layers.py" />
      <source>Its layers are: {layers}.</source>
      <translation>它的层有：{layers}。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>Its layers quantize their inputs, which a pickle can't hold without Pare.</source>
      <translation>它的层会量化输入，没有 Pare 时 pickle 无法保存。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>Its output channels stand in the second dimension of its weight, which criteria do not rank</source>
      <translation>它的输出通道位于权重的第二维，准则不对其排序</translation>
    </message>
    <message>
      <location filename="../../backend/export/_verify.py" />
      <source>Its outputs differ from the network's by up to {error}; {allowed} is allowed.</source>
      <translation>其输出与网络的输出最多相差 {error}，允许的是 {allowed}。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_verify.py" />
      <source>Its outputs have the shape {got}, not {expected}.</source>
      <translation>其输出的形状是 {got}，而不是 {expected}。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Its own code needs the old ones: keep some of them.</source>
      <translation>它自己的代码需要原来的层：请保留其中一些。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Its stages are numbered from 0 to {last}.</source>
      <translation>其步骤编号从 0 到 {last}。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/activation.py" />
      <source>Its values are shares or probabilities, which others would not be</source>
      <translation>它的值是比例或概率，换成其他种类就不是了</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_base.py" />
      <source>Its weight is computed from other parameters</source>
      <translation>它的权重由其他参数计算得出</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_base.py" />
      <location filename="../../backend/quantization/_packing.py" />
      <source>Its weight is computed from other tensors</source>
      <translation>它的权重由其他张量计算得出</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_base.py" />
      <source>Its weight is in low precision</source>
      <translation>其权重是低精度的</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Its weights are not those of a layer</source>
      <translation>它的权重不是层的权重</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/movement.py" />
      <source>Its weights are not trained, so they do not move</source>
      <translation>它的权重不参与训练，因此不会变动</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>Its windows have gaps, which average pooling can't have</source>
      <translation>它的窗口有间隔，平均池化做不到</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>Just now</source>
      <translation>刚才</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>KB</source>
      <translation>KB</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/item_models/layer_plans.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../gui/stage_text.py" />
      <source>Keep as is</source>
      <translation>保持不变</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Keep in float</source>
      <translation>保持浮点</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Keep one of them, or take the loss {other}.</source>
      <translation>请只保留其中一层，或改用损失 {other}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Keep one of them.</source>
      <translation>请只保留其中一个。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>Keep running</source>
      <translation>继续运行</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Keep some of the layers.</source>
      <translation>请保留其中一些层。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Keep the best</source>
      <translation>保留最佳</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Keep the first one</source>
      <translation>保留第一个</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fx/_refusing.py" />
      <source>Keep the layers it concerns in float, or choose dynamic int8 or weight-only.</source>
      <translation>请让相关的层保持浮点，或选择动态 int8 或仅权重量化。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Keep these layers in float, remove the pruning, or choose {method}.</source>
      <translation>请让这些层保持浮点，去掉剪枝，或选择 {method}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>Keep {layers} as is</source>
      <translation>{layers} 保持不变</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>Keep {layers} in float</source>
      <translation>{layers} 保持浮点</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Keep {layer} in float</source>
      <translation>{layer} 保留浮点</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Keep {percent}% of the energy</source>
      <translation>保留 {percent}% 的能量</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Keeps a multiple of this many channels in every layer that is made smaller, 8 or 16 say.</source>
      <translation>每个变小的层保留该数的整数倍个通道，例如 8 或 16。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/two_of_four.py" />
      <source>Keeps the 2 largest of each 4 neighboring weights: fast on NVIDIA's sparse tensor cores, not on a CPU.</source>
      <translation>每 4 个相邻权重保留最大的 2 个：在 NVIDIA 稀疏张量核心上更快，CPU 上则不会。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/constant.py" />
      <source>Keeps the learning rate as it is.</source>
      <translation>学习率保持不变。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <location filename="../../gui/plots/mask_plot.py" />
      <source>Kept</source>
      <translation>保留</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Kept as it is already</source>
      <translation>已保持不变</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <location filename="../../backend/pruning/_pruner.py" />
      <location filename="../../backend/stages/replace.py" />
      <source>Kept as they are: {layers}. Reason: {reason}.</source>
      <translation>保持不变：{layers}。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>Kept running, all of them finish without the window and then Pare closes.</source>
      <translation>若继续运行，它们会在没有窗口的情况下全部完成，然后 Pare 关闭。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>Kept running, it finishes without the window and then Pare closes.</source>
      <translation>继续运行时窗口会隐藏，运行结束后 Pare 自动关闭。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Keyboard shortcuts</source>
      <translation>键盘快捷键</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/activation.py" />
      <location filename="../../backend/replacement/pooling.py" />
      <source>Kind</source>
      <translation>种类</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Knee</source>
      <translation>拐点</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Knee: best balance</source>
      <translation>拐点：最佳平衡</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Known after a run</source>
      <translation>运行后可知</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/plots/channel_plot.py" />
      <source>L1 norm</source>
      <translation>L1 范数</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/l1_unstructured.py" />
      <source>L1 unstructured</source>
      <translation>L1 非结构化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/plots/channel_plot.py" />
      <source>L2 norm</source>
      <translation>L2 范数</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>L2 norms from {low} to {high}</source>
      <translation>L2 范数从 {low} 到 {high}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/lamp.py" />
      <source>LAMP</source>
      <translation>LAMP</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>LSQPlus learns offsets too; lsq learns step sizes alone.</source>
      <translation>LSQPlus 还学习偏移；lsq 只学习步长。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <location filename="../../gui/panels/answers_view.py" />
      <source>Label</source>
      <translation>标签</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Label smoothing</source>
      <translation>标签平滑</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Label weight</source>
      <translation>标签权重</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/answers_delegates.py" />
      <source>Label {label}</source>
      <translation>标签 {label}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Label {label}, answer {answer}</source>
      <translation>标签 {label}，回答 {answer}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Label {label}, answer {answer}: {change} images</source>
      <translation>标签 {label}，回答 {answer}：{change} 张图像</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Label {label}, answer {answer}: {count} image</source>
      <translation>标签 {label}，回答 {answer}：{count} 张图像</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Label {label}, answer {answer}: {count} images</source>
      <translation>标签 {label}，回答 {answer}：{count} 张图像</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_data.py" />
      <source>Labels</source>
      <translation>标签</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>Labels can be smoothed over classes, and this data has none.</source>
      <translation>标签平滑需要类别，而此数据没有类别。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/menus.py" />
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>Language: {name}</source>
      <translation>语言：{name}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Largest</source>
      <translation>最大值</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/dialogs/export_parts.py" />
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/target_text.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>Latency</source>
      <translation>延迟</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Latency (ms), lower is better</source>
      <translation>延迟（ms），越低越好</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Latency in low precision is known after a run alone.</source>
      <translation>低精度下的延迟只有运行后才可知。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Latency needs a measurement.</source>
      <translation>延迟需要先测量。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>Latency, batch {batch}</source>
      <translation>延迟，批量 {batch}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Later</source>
      <translation>推后</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/sensitivity_table_dialog.py" />
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Layer</source>
      <translation>层</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_base.py" />
      <source>Layer of the student: layer of the teacher. Empty pairs the last layers, or blocks, of each height and width.</source>
      <translation>学生网络的层: 教师网络的层。留空则按每种高度和宽度的最后一层（或块）配对。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_base.py" />
      <source>Layer pairs</source>
      <translation>层配对</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Layer pairs for {method}</source>
      <translation>{method} 的层配对</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>Layer rules</source>
      <translation>层规则</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>Layer {name}</source>
      <translation>层 {name}</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/palette_groups.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/panels/layers_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Layers</source>
      <translation>逐层</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <source>Layers decomposed: {count}. Of their {parameters_before} parameters {parameters} are left, of their {macs_before} MACs {macs}. The network's output is off by {error}% before any training.</source>
      <translation>已分解的层：{count} 个。其 {parameters_before} 个参数还剩 {parameters} 个，{macs_before} MACs 还剩 {macs}。训练之前，网络的输出偏差为 {error}%。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/layer_view.py" />
      <source>Layers of the network</source>
      <translation>网络的层</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Layers of this network take their sizes from its first run, and it has not run yet.</source>
      <translation>此网络中有些层的大小由第一次运行决定，而它还没有运行过。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pair_side.py" />
      <source>Layers of {network}</source>
      <translation>{network}的层</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/_install.py" />
      <source>Layers that were replaced in this network are not in it.</source>
      <translation>此网络中被替换的层并不在其中。</translation>
    </message>
    <message>
      <location filename="../../backend/models/lenet300.py" />
      <source>LeNet-300-100</source>
      <translation>LeNet-300-100</translation>
    </message>
    <message>
      <location filename="../../backend/models/lenet5.py" />
      <source>LeNet-5</source>
      <translation>LeNet-5</translation>
    </message>
    <message>
      <location filename="../../backend/models/lenet5_caffe.py" />
      <source>LeNet-5 (Caffe)</source>
      <translation>LeNet-5（Caffe）</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>LeNet-5 on handwritten digits with a ready recipe. Works offline and takes about a minute.</source>
      <translation>手写数字上的 LeNet-5，附现成配方。可离线运行，约需一分钟。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>LeNet-5 with a twentieth of its parameters: the amounts of each layer are found.</source>
      <translation>参数量为二十分之一的 LeNet-5：自动找出每层的比例。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teaching.py" />
      <source>Learn from the data alone</source>
      <translation>只从数据中学习</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_distill.py" />
      <source>Learn from the labels</source>
      <translation>从标签学习</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>Learn from the original network</source>
      <translation>由原始网络来教</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/lsq.py" />
      <source>Learned step size (LSQ)</source>
      <translation>学习步长 Learned step size (LSQ)</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_data.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <location filename="../../backend/stages/_training.py" />
      <source>Learning rate</source>
      <translation>学习率</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Learning rate (right)</source>
      <translation>学习率（右轴）</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Learns from a teacher beside the labels.</source>
      <translation>除标签外，也向教师学习。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/soft_targets.py" />
      <source>Learns the teacher's probabilities, which say more of an image than its label.</source>
      <translation>学习教师网络给出的概率，它比标签更能说明一幅图像。</translation>
    </message>
    <message>
      <location filename="../../gui/stage_settings.py" />
      <source>Learns while training: add it under Fine-tune</source>
      <translation>在训练中学习：请在“微调”下添加</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Leave one entry in the during list.</source>
      <translation>during 列表中只能保留一项。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Leave one of them; layers differ by rules below it.</source>
      <translation>请只保留一个；各层的差别用其下的规则表示。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_install.py" />
      <source>Left in float: {layers}. Reason: {reason}.</source>
      <translation>保持浮点：{layers}。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Let the run in progress end and start no other</source>
      <translation>让当前运行结束，不再开始其他运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Let the scan choose the amounts</source>
      <translation>由扫描结果决定比例</translation>
    </message>
    <message>
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>Level R</source>
      <translation>级别 R</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>Levels at even steps, or where normally distributed weights are (4 bits of it are NF4).</source>
      <translation>级别等距分布，或按正态分布权重的位置分布（4 比特即 NF4）。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>Levels at uneven steps, each a value that many weights share</source>
      <translation>级别间距不等，每个级别是许多权重共享的值</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/menus.py" />
      <location filename="../../gui/palette_groups.py" />
      <source>Light</source>
      <translation>浅色</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/hidden_cosine.py" />
      <source>Like feature MSE, but it does not depend on how large features are, so that one weight suits all layers.</source>
      <translation>与特征 MSE 类似，但不受特征大小影响，因此同一权重适合所有层。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Limit</source>
      <translation>上限</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <source>Limit of {limit}</source>
      <translation>上限：{limit}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Limits for size, MACs, latency or accuracy. Drag one, and the plan for the layers follows.</source>
      <translation>为大小、MACs、延迟或准确率设定上限。拖动上限，各层的方案随之调整。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Line</source>
      <translation>行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Line up recipes and leave: each starts when the one before it ends, whatever became of that one.</source>
      <translation>排好配方即可离开：前一个结束后，无论结果如何，下一个都会开始。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Line {line} is not YAML.</source>
      <translation>第 {line} 行不是有效的 YAML。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/linear.py" />
      <source>Linear</source>
      <translation>线性</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Linear and recurrent layers compute with int8 weights; activations are quantized while the network runs.</source>
      <translation>线性层和循环层用 int8 权重计算；激活在网络运行时量化。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Linear layers become two of low rank, are trained, and run in int8.</source>
      <translation>线性层变为两个低秩层，经过训练后以 int8 运行。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panes.py" />
      <source>Live</source>
      <translation>实时</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>Ln structured</source>
      <translation>Ln 结构化</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Local prunes every layer by the amount; global ranks all layers together.</source>
      <translation>局部按比例剪枝每一层；全局把所有层一起排序。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Location</source>
      <translation>位置</translation>
    </message>
    <message>
      <location filename="../../gui/panels/log_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Log</source>
      <translation>日志</translation>
    </message>
    <message>
      <location filename="../../backend/errors.py" />
      <source>Look at the file; if you trust it, allow it (on the command line: --allow-code {file}).</source>
      <translation>请查看该文件；如果信任它，就允许运行（命令行：--allow-code {file}）。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_pruner.py" />
      <source>Looking at calibration images</source>
      <translation>正在查看校准图像</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Looking for the ranks of {layer}</source>
      <translation>正在寻找 {layer} 的秩</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Looking for what made accuracy fall</source>
      <translation>正在查找准确率下降的原因</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Looking in which order layers run</source>
      <translation>正在查看各层的运行顺序</translation>
    </message>
    <message>
      <location filename="../../gui/layer_knowledge.py" />
      <source>Loses channels only together with {count} layers: {names}</source>
      <translation>只能与 {count} 层一起删除通道：{names}</translation>
    </message>
    <message>
      <location filename="../../gui/layer_knowledge.py" />
      <source>Loses channels only together with {names}</source>
      <translation>只能与 {names} 一起删除通道</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/plots/run_data.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <source>Loss</source>
      <translation>损失</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Loss (right)</source>
      <translation>损失（右轴）</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_data.py" />
      <source>Loss, {part}</source>
      <translation>损失，{part}</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Losses</source>
      <translation>损失</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>Lottery ticket</source>
      <translation>彩票假设 Lottery ticket</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_structure.py" />
      <source>Lower the amount, or keep the layer.</source>
      <translation>请降低比例，或保持该层不变。</translation>
    </message>
    <message>
      <location filename="../../backend/training/_report.py" />
      <source>Lower the learning rate, for example to a tenth.</source>
      <translation>请降低学习率，例如降到十分之一。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/exponential.py" />
      <source>Lowers the learning rate by the same factor after every batch, to a hundredth of it at the end.</source>
      <translation>每个批次之后按同一系数降低学习率，最后为百分之一。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/cosine.py" />
      <source>Lowers the learning rate to zero along a cosine (Loshchilov and Hutter 2017).</source>
      <translation>沿余弦曲线把学习率降到零（Loshchilov 与 Hutter，2017）。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/linear.py" />
      <source>Lowers the learning rate to zero in a straight line.</source>
      <translation>沿直线把学习率降到零。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adagrad.py" />
      <source>Lowers the step of every weight by all the gradients that it has seen (Duchi et al. 2011).</source>
      <translation>按见过的全部梯度降低每个权重的步长（Duchi 等，2011）。</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>M MACs</source>
      <translation>M MACs</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../gui/target_text.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>MACs</source>
      <translation>MACs</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/inspect.py" />
      <source>MACs and shapes are unknown: the network could not be run on one input of {shape} ({error}).</source>
      <translation>MACs 和形状未知：网络无法用 {shape} 的单个输入运行（{error}）。</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>MACs unknown</source>
      <translation>MACs 未知</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>MACs, fewer is better</source>
      <translation>MACs，越少越好</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>MB</source>
      <translation>MB</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/mnist.py" />
      <source>MNIST</source>
      <translation>MNIST</translation>
    </message>
    <message>
      <location filename="../../backend/models/mnist_net.py" />
      <source>MNIST example network</source>
      <translation>MNIST 示例网络</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/mse.py" />
      <source>MSE</source>
      <translation>MSE</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Make a model smaller and faster</source>
      <translation>让模型更小、更快</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Make the mask for this network, or remove it from the file.</source>
      <translation>请为这个网络制作掩码，或从文件中删去它。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/accuracy.py" />
      <source>Make the network's forward return its outputs alone.</source>
      <translation>请让网络的 forward 只返回输出。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Mask</source>
      <translation>掩码</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Mask of {layer}</source>
      <translation>{layer} 的掩码</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_layers.py" />
      <source>Masks alone make no network smaller or faster.</source>
      <translation>仅用掩码不会让网络更小或更快。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Masks make nothing smaller or faster; removed channels do.</source>
      <translation>掩码不会使模型变小或变快；移除通道才会。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>Masks set weights to zero; by themselves they make nothing smaller or faster.</source>
      <translation>掩码只是把权重置零，本身不会让网络更小或更快。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Max difference</source>
      <translation>最大差异</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Mean</source>
      <translation>均值</translation>
    </message>
    <message>
      <location filename="../../gui/plots/channel_plot.py" />
      <source>Mean ± deviation</source>
      <translation>均值 ± 标准差</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Mean ± standard deviation</source>
      <translation>均值 ± 标准差</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>Meanwhile</source>
      <translation>同时进行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Measure</source>
      <translation>度量</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panels/budget_note.py" />
      <location filename="../../gui/panels/model_panel.py" />
      <location filename="../../gui/panels/tree_columns.py" />
      <source>Measure layer latency</source>
      <translation>测量各层延迟</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_search.py" />
      <source>Measure the latency of the layers first; where the network computes in int8, run the recipe.</source>
      <translation>请先测量各层延迟；若网络以 int8 计算，请运行配方。</translation>
    </message>
    <message>
      <location filename="../../gui/layer_knowledge.py" />
      <source>Measured with PyTorch on {count} thread, batch {batch}: {total} in all</source>
      <translation>用 PyTorch 在 {count} 个线程上实测，批大小 {batch}：共 {total}</translation>
    </message>
    <message>
      <location filename="../../gui/layer_knowledge.py" />
      <source>Measured with PyTorch on {count} threads, batch {batch}: {total} in all</source>
      <translation>用 PyTorch 在 {count} 个线程上实测，批大小 {batch}：共 {total}</translation>
    </message>
    <message>
      <location filename="../../gui/run_state.py" />
      <source>Measured: accuracy {accuracy:.2f}% on test images</source>
      <translation>实测：测试图像上的准确率为 {accuracy:.2f}%</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Measuring accuracy</source>
      <translation>正在测量准确率</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_install.py" />
      <source>Measuring the error of each layer</source>
      <translation>正在测量每层的误差</translation>
    </message>
    <message>
      <location filename="../../gui/commands/measuring.py" />
      <location filename="../../backend/engine/jobs/layer_latency.py" />
      <source>Measuring the latency of each layer</source>
      <translation>正在测量每一层的延迟</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <source>Measuring the noise of {count} layers</source>
      <translation>正在测量 {count} 层的噪声</translation>
    </message>
    <message>
      <location filename="../../gui/run_state.py" />
      <source>Measuring the original network</source>
      <translation>正在测量原始网络</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Measuring what each block is worth</source>
      <translation>正在测量每个块的价值</translation>
    </message>
    <message>
      <location filename="../../gui/toolbar.py" />
      <source>Menu</source>
      <translation>菜单</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <location filename="../../backend/stages/prune.py" />
      <location filename="../../backend/stages/quantize.py" />
      <location filename="../../backend/stages/replace.py" />
      <source>Method</source>
      <translation>方法</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Methods</source>
      <translation>方法</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Milliseconds per layer, measured on this machine; a block shows the sum</source>
      <translation>每层的毫秒数，在本机实测；模块块显示总和</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/min_max.py" />
      <source>Min-max</source>
      <translation>最小-最大 Min-max</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>Model</source>
      <translation>模型</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Models stay on this computer. Pare asks before it runs code from a file.</source>
      <translation>模型只保存在本机。运行文件中的代码前，Pare 会先征求同意。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Modules in the order of the network</source>
      <translation>模块，按网络中的顺序</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Momentum</source>
      <translation>动量</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Most of it is BatchNorm, whose statistics no longer fit: measured anew, accuracy is {accuracy}%.</source>
      <translation>主要原因是 BatchNorm 的统计量不再合适：重新测量后准确率为 {accuracy}%。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Most of it is BatchNorm, whose statistics no longer fit: measured anew, accuracy is {accuracy}%. Instead, {batches} batches of fine-tuning brought it to {after}%.</source>
      <translation>主要原因是 BatchNorm 的统计量不再合适：重新测量后准确率为 {accuracy}%。若改为微调，{batches} 个批次使它升到 {after}%。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/stage_card.py" />
      <source>Move down</source>
      <translation>下移</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Move it before stage {earlier}.</source>
      <translation>请把它移到第 {earlier} 步之前。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_panel.py" />
      <source>Move stage</source>
      <translation>移动步骤</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Move the entry out of the during list, to a prune stage before the training.</source>
      <translation>请把该项移出 during 列表，放到训练之前的剪枝步骤。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Move the list to a train stage.</source>
      <translation>请把该列表移到训练步骤。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Move the stage into the during list of a train stage, or remove the schedule.</source>
      <translation>请把该步骤移入训练步骤的 during 列表，或去掉调度。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Move the stage into the during list of a train stage.</source>
      <translation>请把该步骤移入训练步骤的 during 列表。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Move to the bin</source>
      <translation>移到回收站</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/stage_card.py" />
      <source>Move up</source>
      <translation>上移</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Move {count} run to the bin</source>
      <translation>将 {count} 次运行移到回收站</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Move {count} runs to the bin</source>
      <translation>将 {count} 次运行移到回收站</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/movement.py" />
      <source>Movement</source>
      <translation>移动剪枝 Movement</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Moves ranges between consecutive layers first, which helps where one scale serves all channels.</source>
      <translation>先在相邻层之间转移范围，所有通道共用一个缩放系数时有帮助。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/moving_average.py" />
      <source>Moving average</source>
      <translation>滑动平均</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/multi_step.py" />
      <source>Multi-step</source>
      <translation>多步</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Multiple of</source>
      <translation>取整倍数</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>Multiplies each output channel by the mean size of its weights, as XNOR-Net does.</source>
      <translation>每个输出通道乘以其权重绝对值的均值，与 XNOR-Net 相同。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/nadam.py" />
      <source>NAdam</source>
      <translation>NAdam</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>NF4</source>
      <translation>NF4</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>NNI config</source>
      <translation>NNI 配置</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Name</source>
      <translation>名称</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Name a class derived from torch.nn.Module, or a function that returns one.</source>
      <translation>请指定 torch.nn.Module 的子类，或返回它的函数。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Name a file or the folder of a run, or write a section like model.</source>
      <translation>请写出文件或一次运行的文件夹，或写成与 model 相同的一节。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Name a stage that prunes, or none.</source>
      <translation>请指定一个剪枝步骤，或不指定。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Name it: weights: folder-of-the-run</source>
      <translation>请指定：weights: 运行的文件夹</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Name one of torchvision's networks</source>
      <translation>请指定 torchvision 的网络之一</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Name the arrays x_train, y_train, x_test and y_test.</source>
      <translation>请把数组命名为 x_train、y_train、x_test 和 y_test。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Name the file: weights: network.pth</source>
      <translation>请指定文件：weights: network.pth</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Name the function</source>
      <translation>请指定函数</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/svd.py" />
      <source>Needs a 1×1 kernel; Tucker takes larger ones</source>
      <translation>需要 1×1 卷积核；更大的核请用 Tucker</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_kernel.py" />
      <source>Needs a 2-D convolution</source>
      <translation>需要二维卷积</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/slim.py" />
      <source>Needs a BatchNorm with scales right after it</source>
      <translation>需要紧随其后的带缩放系数的 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/device_menu.py" />
      <source>Needs a Mac with an Apple GPU</source>
      <translation>需要带 Apple GPU 的 Mac</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_base.py" />
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/_packing.py" />
      <source>Needs a convolution or a linear layer</source>
      <translation>需要卷积层或线性层</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_refusals.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../backend/quantization/_cast.py" />
      <source>Needs a layer with weights</source>
      <translation>需要有权重的层</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>Needs a layer without running statistics, which stay in float32</source>
      <translation>需要没有滑动统计量的层，统计量保持 float32</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/svd.py" />
      <source>Needs a linear layer or a 1×1 convolution</source>
      <translation>需要线性层或 1×1 卷积</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Needs a linear or recurrent layer</source>
      <translation>需要线性层或循环层</translation>
    </message>
    <message>
      <location filename="../../gui/stage_settings.py" />
      <source>Needs a method that prunes channels</source>
      <translation>需要剪除通道的方法</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/two_of_four.py" />
      <source>Needs a multiple of 4 inputs</source>
      <translation>输入数须为 4 的倍数</translation>
    </message>
    <message>
      <location filename="../../gui/document.py" />
      <source>Needs a network that can be opened</source>
      <translation>需要能够打开的网络</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Needs a network that computes in float</source>
      <translation>需要以浮点计算的网络</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/device_menu.py" />
      <source>Needs an NVIDIA GPU and PyTorch with CUDA</source>
      <translation>需要 NVIDIA GPU 和支持 CUDA 的 PyTorch</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/apoz.py" />
      <source>Needs an activation that gives zeros, such as ReLU, right after it</source>
      <translation>需要紧随其后的会输出零的激活，例如 ReLU</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_chips.py" />
      <source>Needs another finished run</source>
      <translation>需要另一次已完成的运行</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Needs permission</source>
      <translation>需要许可</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Nesterov</source>
      <translation>Nesterov</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/menus.py" />
      <location filename="../../gui/panels/weights_panel.py" />
      <location filename="../../gui/toolbar.py" />
      <source>Network</source>
      <translation>网络</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <source>Networks and recipes</source>
      <translation>网络和配方</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Network…</source>
      <translation>网络…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>New from template</source>
      <translation>从模板新建</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>New from template…</source>
      <translation>从模板新建…</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>New recipe</source>
      <translation>新建配方</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <source>Next</source>
      <translation>下一个</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Next layer</source>
      <translation>下一层</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Next pane</source>
      <translation>下一个窗格</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>No answer changed</source>
      <translation>没有变化的回答</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>No answer changed here</source>
      <translation>此处没有变化的回答</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>No batch of the training reached it</source>
      <translation>训练中没有任何一批到达它</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>No calibration image reaches {layers}; the weights are rounded to the nearest level.</source>
      <translation>没有校准图像到达 {layers}；权重舍入到最近的级别。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/histogram.py" />
      <source>No calibration image reaches {layer}, so there are no activations to show.</source>
      <translation>没有校准图像到达 {layer}，因此没有可显示的激活。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layers_panel.py" />
      <source>No figures per layer yet</source>
      <translation>还没有逐层数值</translation>
    </message>
    <message>
      <location filename="../../gui/menus.py" />
      <source>No files yet</source>
      <translation>还没有文件</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>No latency has been measured yet.</source>
      <translation>尚未测量延迟。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>No layer can be decomposed so. {layers}: {reason}.</source>
      <translation>没有层可以这样分解。{layers}：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>No layer chosen yet</source>
      <translation>尚未选择层</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>No layer is the cause by itself: {layer} in float brings {points} points back.</source>
      <translation>没有单独某层是原因：让 {layer} 保持浮点可找回 {points} 个百分点。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pair_side.py" />
      <location filename="../../gui/panels/model_panel.py" />
      <source>No layer matches the filter.</source>
      <translation>没有符合筛选条件的层。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/stages/_layers.py" />
      <location filename="../../backend/training/_during.py" />
      <source>No layer of this network is called {pattern}.</source>
      <translation>这个网络中没有名为 {pattern} 的层。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>No layer of {name} can be made narrower.</source>
      <translation>{name} 中没有可以变窄的层。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>No layer of {name} can be ranked by {method}, so there is nothing to scan.</source>
      <translation>{method} 无法对 {name} 的任何层排序，因此没有可扫描的。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>No layer of {network} is called {pattern}.</source>
      <translation>{network}中没有名为 {pattern} 的层。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>No layer was decomposed: the factors of each would be larger than the layer.</source>
      <translation>没有分解任何层：每一层的因子都会比该层更大。</translation>
    </message>
    <message>
      <location filename="../../gui/toolbar.py" />
      <source>No model open</source>
      <translation>未打开模型</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>No outputs of the two networks go together by their shapes.</source>
      <translation>按形状来看，两个网络没有可以配对的输出。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>No pairs yet: the run proposes them from the shapes.</source>
      <translation>还没有配对：运行会根据形状自动配对。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>No problems</source>
      <translation>没有问题</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>No quantize stage of the recipe treats this layer, so there is no grid to show.</source>
      <translation>配方中没有量化步骤处理这一层，因此没有可显示的网格。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/network.py" />
      <source>No run has finished yet</source>
      <translation>还没有完成的运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>No run to weigh yet</source>
      <translation>还没有可权衡的运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>No runs yet</source>
      <translation>还没有运行记录</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>No sensitivity has been scanned yet.</source>
      <translation>尚未扫描敏感度。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>No sensitivity scan yet</source>
      <translation>尚无敏感度扫描</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>No stage changes these layers; there is nothing to keep them from.</source>
      <translation>没有步骤会改动这些层，无需保持。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>No stage of the recipe changes it</source>
      <translation>配方中没有步骤改变它</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>No stages yet: add one, or right-click a layer.</source>
      <translation>还没有步骤：请添加一个，或右键单击某一层。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>No template fits. Choose another goal or filter.</source>
      <translation>没有符合的模板。请选择其他目的或筛选词。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>No two layers follow each other so that they can be equalized.</source>
      <translation>没有前后相接、可以均衡的两层。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>Non-zero parameters</source>
      <translation>非零参数量</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Non-zero parameters ({unit}), fewer is better</source>
      <translation>非零参数量（{unit}），越少越好</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Non-zero parameters, fewer is better</source>
      <translation>非零参数量，越少越好</translation>
    </message>
    <message>
      <location filename="../../gui/forms/nested.py" />
      <location filename="../../gui/forms/target.py" />
      <source>None</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>None of the chosen layers can be quantized.</source>
      <translation>所选的层都不能量化。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>None of the chosen layers has a weight that can be rounded.</source>
      <translation>所选的层都没有可舍入的权重。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>None: fresh weights</source>
      <translation>无：全新权重</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>Norm</source>
      <translation>范数</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>Not corrected: {layers}. Reason: {reason}.</source>
      <translation>未校正：{layers}。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_helpers.py" />
      <source>Not equalized: {layers}. Reason: {reason}.</source>
      <translation>未均衡：{layers}。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Not in the network any more: removed, or folded into the layer before it</source>
      <translation>已不在网络中：被移除，或并入了前一层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Not in this version of Pare</source>
      <translation>此版本的 Pare 尚不支持</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <location filename="../../gui/panels/budget_row.py" />
      <source>Not known yet</source>
      <translation>尚不可知</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/runs.py" />
      <source>Not starred</source>
      <translation>未加星标</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Nothing became int8: none of the chosen layers has an int8 kernel.</source>
      <translation>没有层变为 int8：所选的层都没有 int8 内核。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Nothing became int8: none of the chosen layers is linear or recurrent.</source>
      <translation>没有层变为 int8：所选的层都不是线性层或循环层。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>Nothing became {precision}: every chosen layer has to stay in float.</source>
      <translation>没有层变为 {precision}：所选的层都必须保持浮点。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Nothing else is waiting</source>
      <translation>没有其他等待的配方</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/palette_list.py" />
      <source>Nothing found</source>
      <translation>没有找到</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>Nothing has run yet</source>
      <translation>还没有运行过</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>Nothing is running</source>
      <translation>没有正在进行的运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Nothing is set here; the plan is inherited</source>
      <translation>此处没有设置；方案是继承的</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Nothing is waiting</source>
      <translation>没有等待的配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Nothing needs to be pruned for it.</source>
      <translation>无需剪枝即可满足。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>Nothing that is computed from it can be made smaller</source>
      <translation>由它计算出的内容都无法变小</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Nothing to compare yet</source>
      <translation>尚无可对比的内容</translation>
    </message>
    <message>
      <location filename="../../gui/main_window.py" />
      <source>Nothing to redo</source>
      <translation>没有可重做的操作</translation>
    </message>
    <message>
      <location filename="../../gui/main_window.py" />
      <source>Nothing to undo</source>
      <translation>没有可撤销的操作</translation>
    </message>
    <message>
      <location filename="../../gui/problems/rewriting.py" />
      <source>Nothing trains after stage {number}, so the accuracy that it costs is not won back.</source>
      <translation>第 {number} 步之后没有训练，损失的准确率不会恢复。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Nothing was written</source>
      <translation>没有写入任何文件</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Now choose the layer of the student that learns from {layer}.</source>
      <translation>现在选择向 {layer} 学习的学生的层。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Now choose the layer of the teacher that {layer} learns from.</source>
      <translation>现在选择 {layer} 所学习的教师的层。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Number the classes from 0 on, or add the missing class names.</source>
      <translation>请从 0 开始给类别编号，或补上缺少的类别名称。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Number the classes from 0 on.</source>
      <translation>请从 0 开始给类别编号。</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <source>ONNX</source>
      <translation>ONNX</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Observer</source>
      <translation>观察器</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Of the forward and backward passes; weights stay in float32. Auto times a few batches of each and keeps the fastest. float16 needs CUDA.</source>
      <translation>前向和反向计算的精度；权重保持 float32。auto 对每种精度计时几批并保留最快的。float16 需要 CUDA。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>Off</source>
      <translation>关</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>On</source>
      <translation>开</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/plateau.py" />
      <source>On plateau</source>
      <translation>平台期</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>On the Pareto front</source>
      <translation>位于帕累托前沿</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <source>On the front</source>
      <translation>位于前沿</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>One bit for each weight and each input. The file becomes small; it computes in float32, so latency does not fall.</source>
      <translation>每个权重和每个输入各一比特。文件变小；以 float32 计算，因此延迟不会降低。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>One bit for each weight and each input; the first and the last layer stay in float.</source>
      <translation>每个权重和每个输入各一位；首层和末层保持浮点。</translation>
    </message>
    <message>
      <location filename="../../backend/models/half_lenet.py" />
      <source>One convolution of 3 filters and one linear layer, a student for distillation: 4,408 parameters.</source>
      <translation>一个 3 滤波器的卷积和一个线性层，蒸馏用的学生网络：4,408 个参数。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>One half of the channels gates the other in {where}</source>
      <translation>在 {where} 中一半通道控制另一半通道</translation>
    </message>
    <message>
      <location filename="../../gui/templates.py" />
      <source>One of your own templates.</source>
      <translation>您自己的模板。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>One scale per output channel, or one per layer.</source>
      <translation>每个输出通道一个缩放系数，或每层一个。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>One scale per output channel, or one per layer; recurrent layers have one per matrix.</source>
      <translation>每个输出通道一个缩放系数，或每层一个；循环层每个矩阵一个。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/lsq.py" />
      <source>One step size for each output channel of a weight instead of one for all.</source>
      <translation>权重的每个输出通道各有一个步长，而不是共用一个。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>One training quantizes by one method, and this entry names {count}.</source>
      <translation>一次训练只用一种方法量化，而这一项指定了 {count} 种。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>One training quantizes once, and its during list holds {count} quantize entries.</source>
      <translation>一次训练只量化一次，而它的 during 列表含有 {count} 个量化项。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>One training: channels go by Taylor along AGP, layers learn from the original's, and int8 is learned.</source>
      <translation>一次训练：通道按 Taylor 准则沿 AGP 曲线移除，各层向原网络的层学习，int8 的舍入一并学习。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>One training: channels go, the whole network teaches, the rounding of int8 is learned.</source>
      <translation>一次训练：移除通道，由完整网络授课，int8 的舍入一并学习。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/one_cycle.py" />
      <source>One-cycle</source>
      <translation>单周期 One-cycle</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/one_shot.py" />
      <source>One-shot</source>
      <translation>一次性 One-shot</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Only differences</source>
      <translation>仅差异</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <location filename="../../backend/recipe/_sense.py" />
      <source>Only masks make a network sparse, and only removal makes it smaller or faster.</source>
      <translation>只有掩码能让网络稀疏，只有移除能让网络更小或更快。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Only those of the network and data of the first one show a difference.</source>
      <translation>只有与第一项网络和数据相同的运行才显示差异。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../gui/toolbar.py" />
      <source>Open</source>
      <translation>打开</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Open a config_list</source>
      <translation>打开 config_list</translation>
    </message>
    <message>
      <location filename="../../gui/commands/queue.py" />
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/layer_knowledge.py" />
      <location filename="../../gui/main_window.py" />
      <location filename="../../gui/running.py" />
      <location filename="../../gui/scanning.py" />
      <source>Open a network first</source>
      <translation>请先打开网络</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <source>Open a network or a recipe</source>
      <translation>打开网络或配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Open a network to see its layers here.</source>
      <translation>打开网络后，这里显示它的层。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/steps_menu.py" />
      <source>Open a step</source>
      <translation>打开某一步</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Open another file…</source>
      <translation>打开其他文件…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Open as it is</source>
      <translation>按原样打开</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Open data with the source arrays; open networks from .pth or .safetensors files.</source>
      <translation>数据请用来源 arrays 打开；网络请从 .pth 或 .safetensors 文件打开。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Open file…</source>
      <translation>打开文件…</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>Open it with the source python: the file and the class that define the network.</source>
      <translation>请用来源 python 打开：定义网络的文件和类。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Open its recipe</source>
      <translation>打开其配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Open model…</source>
      <translation>打开模型…</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>Open network</source>
      <translation>打开网络</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Open or close</source>
      <translation>打开或关闭</translation>
    </message>
    <message>
      <location filename="../../gui/menus.py" />
      <location filename="../../gui/palette_groups.py" />
      <source>Open recent</source>
      <translation>打开最近的文件</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>Open recipe</source>
      <translation>打开配方</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Open the PyTorch weights it was made from.</source>
      <translation>请打开生成它的 PyTorch 权重。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Open the folder by hand.</source>
      <translation>请手动打开该文件夹。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Open the menu, or fold</source>
      <translation>打开菜单，或折叠</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>Open the network as it was at a step of this run</source>
      <translation>打开本次运行中某一步时的网络</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>Open the network that it was written for, then import it.</source>
      <translation>请先打开它所针对的网络，再导入。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Open the original network, or remove the earlier quantize stage.</source>
      <translation>请打开原始网络，或去掉前面的 quantize 步骤。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Open the sample</source>
      <translation>打开示例</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Open the weights or the Python file that it was made from.</source>
      <translation>请打开生成它的权重文件或 Python 文件。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Opened as it is, it begins with trained weights: name a file, or the folder of a run.</source>
      <translation>按原样打开时，它从训练好的权重开始：请指定文件，或某次运行的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Opening the data</source>
      <translation>正在打开数据</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../backend/runner.py" />
      <source>Opening the network</source>
      <translation>正在打开网络</translation>
    </message>
    <message>
      <location filename="../../gui/main_window.py" />
      <source>Opening the network…</source>
      <translation>正在打开网络…</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>Opening the teacher</source>
      <translation>正在打开教师网络</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Opening the teacher…</source>
      <translation>正在打开教师网络…</translation>
    </message>
    <message>
      <location filename="../../backend/errors.py" />
      <source>Opening this network runs the Python file {file}, and nobody has allowed that yet.</source>
      <translation>打开这个网络会运行 Python 文件 {file}，而这尚未得到允许。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>Opening this network runs the file's code, which can do anything you can. Allow it if you trust it.</source>
      <translation>打开这个网络会运行该文件的代码，它能做您能做的任何事。信任它再允许。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_parts.py" />
      <source>Opens and matches</source>
      <translation>可打开且一致</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Optimizer</source>
      <translation>优化器</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Optional</source>
      <translation>可选</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Order of the channels</source>
      <translation>通道的顺序</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <location filename="../../gui/panels/tree_columns.py" />
      <source>Order of the network</source>
      <translation>网络的顺序</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <location filename="../../gui/panels/compare_chips.py" />
      <location filename="../../gui/panels/weights_histogram.py" />
      <location filename="../../gui/panels/weights_panel.py" />
      <location filename="../../gui/plots/histogram_plot.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <location filename="../../gui/run_state.py" />
      <source>Original</source>
      <translation>原始模型</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Original {accuracy}</source>
      <translation>原始模型 {accuracy}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>Other layers</source>
      <translation>其他层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/quantize_menu.py" />
      <source>Other methods</source>
      <translation>其他方法</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Out of reach: {limit} gets to {value} with what may be pruned.</source>
      <translation>无法达到：可剪枝的部分只能做到 {value}（{limit}）。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Output</source>
      <translation>输出</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Output channels, before and after removal</source>
      <translation>移除前后的输出通道数</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Output shape</source>
      <translation>输出形状</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Outputs down, inputs across; each cell is one weight</source>
      <translation>纵向为输出，横向为输入；每格一个权重</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <source>Over</source>
      <translation>超出</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Over budget</source>
      <translation>超出预算</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Packing the weights</source>
      <translation>正在打包权重</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Pair the last layers or blocks of each height and width</source>
      <translation>把每种高和宽的最后一层或最后一个块配成对</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Pair the layers automatically</source>
      <translation>自动配对层</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Pairs of layers</source>
      <translation>层配对</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/method_help.py" />
      <source>Paper</source>
      <translation>论文</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/target_text.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>Parameters</source>
      <translation>参数量</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Parameters ({unit}), fewer is better</source>
      <translation>参数量（{unit}），越少越好</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Parameters, fewer is better</source>
      <translation>参数量，越少越好</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Params</source>
      <translation>参数量</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Pare asks before the file's code is run.</source>
      <translation>运行文件中的代码前，Pare 会先询问。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_rules.py" />
      <source>Pare can't follow the operation {operation}</source>
      <translation>Pare 无法跟踪操作 {operation}</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Pare can't open {name}</source>
      <translation>Pare 无法打开 {name}</translation>
    </message>
    <message>
      <location filename="../../gui/opening.py" />
      <source>Pare can't read {file}: {reason}.</source>
      <translation>Pare 无法读取 {file}：{reason}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <location filename="../../backend/paths.py" />
      <location filename="../../backend/python_file.py" />
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Pare can't read {path}: {reason}.</source>
      <translation>Pare 无法读取 {path}：{reason}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>Pare can't tell which input {name} takes.</source>
      <translation>Pare 无法判断 {name} 接受什么输入。</translation>
    </message>
    <message>
      <location filename="../../backend/files.py" />
      <source>Pare can't write {path}: {reason}.</source>
      <translation>Pare 无法写入 {path}：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/session.py" />
      <source>Pare ended without closing. Your recipe, its undo history and your runs are as they were.</source>
      <translation>Pare 未正常关闭就结束了。配方、撤销历史和运行记录都和之前一样。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>Pare has no counterpart of {name}; the smallest weights go in its place.</source>
      <translation>Pare 没有与 {name} 对应的方法；改为剪去最小的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Pare has no {kind} called {id}.</source>
      <translation>Pare 没有名为 {id} 的 {kind}。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/files.py" />
      <source>Pare may not write to {path}.</source>
      <translation>Pare 无权写入 {path}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>Pare prunes weights: settings for {targets} are left out.</source>
      <translation>Pare 只剪权重：针对 {targets} 的设置已略去。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/choices.py" />
      <source>Pare {version}. Makes PyTorch networks smaller and faster, and proves it.</source>
      <translation>Pare {version}。让 PyTorch 网络更小、更快，并给出证明。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_controls.py" />
      <source>Pareto front</source>
      <translation>帕累托前沿</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Part of a name or type; a pattern as in a recipe: conv*, layer1.*, type:Conv2d; or a bound: &gt;1M parameters, macs&gt;1%, latency&gt;0.5, sparsity&gt;50%, sensitivity&gt;1, sqnr&lt;20</source>
      <translation>名称或类型的一部分；配方中的模式：conv*、layer1.*、type:Conv2d；或界限：&gt;1M（参数量）、macs&gt;1%、latency&gt;0.5、sparsity&gt;50%、sensitivity&gt;1、sqnr&lt;20</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_trace.py" />
      <source>Passes {operation}, after which a channel of zeros is not zero</source>
      <translation>经过 {operation}，全零的通道之后不再为零</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Paste</source>
      <translation>粘贴</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Paused · {count} recipe is waiting</source>
      <translation>已暂停 · {count} 个配方在等待</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Paused · {count} recipes are waiting</source>
      <translation>已暂停 · {count} 个配方在等待</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/slim.py" />
      <source>Penalty</source>
      <translation>惩罚系数</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Per channel, of pixel values from 0 to 1.</source>
      <translation>逐通道，像素值为 0 到 1。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Per channel.</source>
      <translation>逐通道。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/percentile.py" />
      <source>Percentile</source>
      <translation>百分位 Percentile</translation>
    </message>
    <message>
      <location filename="../../gui/plots/saving.py" />
      <source>Picture (*.png);;Vector picture (*.svg)</source>
      <translation>图片 (*.png);;矢量图 (*.svg)</translation>
    </message>
    <message>
      <location filename="../../gui/panels/error_chart.py" />
      <source>Picture, data</source>
      <translation>图片、数据</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Pictures in train/&lt;class&gt; and test/&lt;class&gt;, or in &lt;class&gt; alone; sizes that differ are made equal.</source>
      <translation>图片位于 train/&lt;类别&gt; 和 test/&lt;类别&gt;，或只在 &lt;类别&gt; 中；尺寸不同时会统一。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Plan</source>
      <translation>方案</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Plan: {count} layer loses {high}</source>
      <translation>方案：{count} 层减少 {high}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Plan: {count} layers lose {low} to {high}</source>
      <translation>方案：{count} 层减少 {low} 至 {high}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>Plan: {plan}</source>
      <translation>方案：{plan}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Points of accuracy lost when this layer alone is pruned</source>
      <translation>单独对该层剪枝时损失的准确率（个百分点）</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/pooling.py" />
      <source>Pooling</source>
      <translation>池化</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/attention_transfer.py" />
      <source>Power</source>
      <translation>幂次</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../backend/stages/_training.py" />
      <source>Precision</source>
      <translation>精度</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Precision of the weights, and of the arithmetic where it is int8</source>
      <translation>权重的精度；int8 时也是运算的精度</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Present</source>
      <translation>现存</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>Preset {name}</source>
      <translation>预设 {name}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>Presets</source>
      <translation>预设</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Press Run to carry out the recipe. Each run is kept here with its figures, and can be exported.</source>
      <translation>按“运行”执行配方。每次运行都连同数值保存在这里，并可导出。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Preview</source>
      <translation>预览</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Previous layer</source>
      <translation>上一层</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Previous pane</source>
      <translation>上一个窗格</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>Problems</source>
      <translation>问题</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Progress of the answers</source>
      <translation>回答的进度</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Progress of the run</source>
      <translation>运行进度</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Progress of the scan</source>
      <translation>扫描进度</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Propose</source>
      <translation>自动建议</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../backend/stages/prune.py" />
      <source>Prune</source>
      <translation>剪枝</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <source>Prune after decomposing, or remove channels before it.</source>
      <translation>请在分解之后剪枝，或在分解之前移除通道。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/rewriting.py" />
      <source>Prune afterwards</source>
      <translation>之后再剪枝</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Prune before the training</source>
      <translation>在训练之前剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Prune by target</source>
      <translation>按目标剪枝</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Prune in a train stage of its own before this one, or choose {learned}.</source>
      <translation>请在此之前用单独的训练阶段剪枝，或选择 {learned}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Prune in a train stage of its own before this one.</source>
      <translation>请在此之前用单独的训练步骤剪枝。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Prune in a training before</source>
      <translation>在之前的训练中剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Prune or quantize more, or change the budget.</source>
      <translation>加大剪枝或量化，或修改预算。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <location filename="../../backend/recipe/_sense.py" />
      <source>Prune while training</source>
      <translation>训练中剪枝</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Prune whole channels</source>
      <translation>剪除整个通道</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Prune {amount} {method}</source>
      <translation>剪枝 {amount} {method}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Prune {amount} {method} while training</source>
      <translation>训练中剪枝 {amount} {method}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Prune {method}</source>
      <translation>剪枝 {method}</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Prune {percent}%</source>
      <translation>剪枝 {percent}%</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>Prune {percent}% of {layer}</source>
      <translation>{layer} 剪枝 {percent}%</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Prune, quantize and fine-tune, and see what each step costs in accuracy.</source>
      <translation>剪枝、量化、微调，并看清每一步对准确率的影响。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/plots/channel_plot.py" />
      <location filename="../../gui/plots/mask_plot.py" />
      <location filename="../../gui/plots/picture_key.py" />
      <source>Pruned</source>
      <translation>已剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Pruned only together with {layer}, which is kept</source>
      <translation>只能与 {layer} 一起剪枝，而它保持不变</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Pruned together with {layer}, which has the amount</source>
      <translation>与 {layer} 一起剪枝，比例由它决定</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Pruned weights are zero, and the method has no zero among its values: {layers}.</source>
      <translation>剪掉的权重为零，而该方法的取值中没有零：{layers}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_pruner.py" />
      <source>Pruned {count} layers</source>
      <translation>已剪枝 {count} 层</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/iterative.py" />
      <source>Prunes in equal steps with training between them.</source>
      <translation>分等量的步骤剪枝，其间进行训练。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/agp.py" />
      <source>Prunes much at the beginning and little at the end, along a cubic curve.</source>
      <translation>沿三次曲线剪枝：开始多，结束少。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/one_shot.py" />
      <source>Prunes the whole amount at once; what follows is fine-tuning.</source>
      <translation>一次剪掉全部比例；其后是微调。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Prunes while the weights move: ten steps along a cubic curve, much at first and little at the end.</source>
      <translation>在权重变化的同时剪枝：沿三次曲线分十步，先多后少。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Prunes while training, then shares what is left among 16 values a layer: 30 times smaller.</source>
      <translation>训练中剪枝，再让剩下的权重每层共用 16 个值：缩小 30 倍。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Prunes while training, then shares what is left among 16 values a layer: 55 times smaller.</source>
      <translation>边训练边剪枝，再让每层其余权重共享 16 个值：缩小到 1/55。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Prunes while training, then shares what is left among 16 values a layer: 64 times smaller.</source>
      <translation>边训练边剪枝，再让每层其余权重共享 16 个值：缩小到 1/64。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Pruning biases is not in this version of Pare.</source>
      <translation>此版本的 Pare 还不能剪枝偏置。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_layers.py" />
      <source>Pruning {layer}</source>
      <translation>正在剪枝 {layer}</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Pulls weights to zero; AdamW by itself, the others through their gradients.</source>
      <translation>把权重拉向零；AdamW 单独进行，其他优化器通过梯度进行。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Put back</source>
      <translation>放回</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Put pictures (.png, .jpg) into one folder for each class.</source>
      <translation>请按类别把图片（.png、.jpg）各放入一个文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/run.py" />
      <source>Put quotes around a text.</source>
      <translation>请给文本加上引号。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Put the pictures into one folder for each class.</source>
      <translation>请按类别把图片各放入一个文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>Put the stage that prunes before the one that quantizes.</source>
      <translation>请把剪枝步骤放在量化步骤之前。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Put the training pictures into train/&lt;class&gt;.</source>
      <translation>请把训练图片放入 train/&lt;类别&gt;。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>Puts a BatchNorm into the convolution or linear layer before it; the network computes the same.</source>
      <translation>把 BatchNorm 并入它之前的卷积层或线性层；网络的计算结果不变。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/runtimes/torch_cpu.py" />
      <source>PyTorch</source>
      <translation>PyTorch</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>PyTorch .pt or .pth · safetensors · a Python file that builds the model · a recipe .yaml</source>
      <translation>PyTorch .pt、.pth · safetensors · 构建模型的 Python 文件 · 配方 .yaml</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/two_of_four.py" />
      <source>PyTorch has no kernel for the 2:4 pattern on a CPU, so it makes nothing faster here.</source>
      <translation>PyTorch 在 CPU 上没有 2:4 模式的内核，因此在这里不会更快。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>PyTorch module</source>
      <translation>PyTorch 模块 module</translation>
    </message>
    <message>
      <location filename="../../backend/export/state_dict.py" />
      <source>PyTorch state dict</source>
      <translation>PyTorch state dict</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>PyTorch {version}</source>
      <translation>PyTorch {version}</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <source>PyTorch's exporter can't express this network in ONNX.</source>
      <translation>PyTorch 的导出器无法用 ONNX 表达这个网络。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Python file</source>
      <translation>Python 文件</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Python files (*.py)</source>
      <translation>Python 文件 (*.py)</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>Python function</source>
      <translation>Python 函数</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Python script</source>
      <translation>Python 脚本</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Python script that reproduces the run</source>
      <translation>重现此次运行的 Python 脚本</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Python, JSON, YAML</source>
      <translation>Python、JSON、YAML</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>Q = round(R / S) + Z with S = {scale}, Z = {zero_point}</source>
      <translation>Q = round(R / S) + Z，其中 S = {scale}，Z = {zero_point}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>Quantization-aware int8</source>
      <translation>量化感知 int8（QAT）</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Quantization-aware training for one epoch; the original network teaches, then int8.</source>
      <translation>一轮量化感知训练；由原始模型蒸馏，然后 int8。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../backend/quantization/_fake.py" />
      <location filename="../../backend/stages/quantize.py" />
      <source>Quantize</source>
      <translation>量化</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Quantize after the training</source>
      <translation>训练之后再量化</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Quantize by {method} alone</source>
      <translation>只用 {method} 量化</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Quantize last</source>
      <translation>最后再量化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Quantize while training</source>
      <translation>训练中量化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Queue</source>
      <translation>队列</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>RAM</source>
      <translation>内存</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/radam.py" />
      <source>RAdam</source>
      <translation>RAdam</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/rmsprop.py" />
      <source>RMSprop</source>
      <translation>RMSprop</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Raise the limit of the data, so that every class has images.</source>
      <translation>请提高数据上限，使每一类都有图像。</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/one_cycle.py" />
      <source>Raises the learning rate to its value and lowers it again; fast for few epochs (Smith 2018).</source>
      <translation>先把学习率升到设定值再降下；轮数少时很快（Smith，2018）。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Random shifts and flips.</source>
      <translation>随机平移和翻转。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/random_structured.py" />
      <source>Random structured</source>
      <translation>随机结构化 Random</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/random_unstructured.py" />
      <source>Random unstructured</source>
      <translation>随机非结构化 Random</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/plots/channel_plot.py" />
      <source>Range</source>
      <translation>取值范围</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>Rank</source>
      <translation>秩</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Rank all layers together</source>
      <translation>所有层一起排序</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/tucker.py" />
      <source>Rank of the inputs</source>
      <translation>输入的秩</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_layers.py" />
      <source>Ranking {count} layers</source>
      <translation>正在为 {count} 层排序</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/lamp.py" />
      <source>Ranks weights by their share of what would be left of their layer; made for a global ranking.</source>
      <translation>按权重占本层剩余部分的份额排序；适合全局排序。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/evaluation/remedy.py" />
      <location filename="../../backend/stages/decompose.py" />
      <location filename="../../backend/stages/prune.py" />
      <location filename="../../backend/stages/quantize.py" />
      <location filename="../../backend/stages/replace.py" />
      <source>Re-estimate BatchNorm</source>
      <translation>重新估计 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_batch_norm.py" />
      <source>Re-estimating BatchNorm</source>
      <translation>正在重新估计 BatchNorm</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Re-estimating them takes seconds and needs no labels.</source>
      <translation>重新估计只需几秒，不需要标签。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_batch_norm.py" />
      <source>Re-estimating {count} BatchNorm layers moved accuracy from {before}% to {after}% of {images} validation images.</source>
      <translation>重新估计 {count} 个 BatchNorm 层后，{images} 幅验证图像上的准确率从 {before}% 变为 {after}%。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_batch_norm.py" />
      <source>Re-estimating {count} BatchNorm layers moved the metric from {before} to {after} on {images} validation images.</source>
      <translation>重新估计 {count} 个 BatchNorm 层后，{images} 幅验证图像上的指标从 {before} 变为 {after}。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/activation.py" />
      <source>ReLU where a network shall run in int8 or be quick anywhere; SiLU or Hardswish for accuracy. Fine-tune afterwards: the weights were trained with the old kind.</source>
      <translation>若网络要以 int8 运行或在任何设备上都快，选 ReLU；追求准确率时选 SiLU 或 Hardswish。之后需要微调：权重是用原来的种类训练的。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Reading pictures</source>
      <translation>正在读取图片</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>Reading the data</source>
      <translation>正在读取数据</translation>
    </message>
    <message>
      <location filename="../../backend/engine/jobs/_opened.py" />
      <source>Reading the images takes too long to show activations here.</source>
      <translation>读取图像的时间过长，无法在此显示激活。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Reading {layer}…</source>
      <translation>正在读取 {layer}…</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Recent</source>
      <translation>最近</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Recipe</source>
      <translation>配方</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Recipe as YAML</source>
      <translation>YAML 形式的配方</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Recipe as YAML, command or script…</source>
      <translation>以 YAML、命令或脚本查看配方…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Recipe as text</source>
      <translation>配方文本</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Recipe as text…</source>
      <translation>以文本查看配方…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Recipe of {run}</source>
      <translation>{run} 的配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_pairs.py" />
      <source>Recipes line by line</source>
      <translation>逐行对比配方</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/static_int8.py" />
      <source>Recommended</source>
      <translation>推荐</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_trace.py" />
      <source>Recurrent layers have one width for all of their matrices</source>
      <translation>循环层的所有矩阵共用一个宽度</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/forms/nested.py" />
      <location filename="../../backend/stages/prune.py" />
      <source>Remove</source>
      <translation>移除</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_layers.py" />
      <source>Remove a keep from the stage's layers, or remove the stage.</source>
      <translation>请从该步骤的层规则中去掉一个 keep，或移除该步骤。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <location filename="../../backend/stages/train.py" />
      <source>Remove a keep from the stage.</source>
      <translation>请从该步骤中去掉一个 keep。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Remove all</source>
      <translation>全部移除</translation>
    </message>
    <message>
      <location filename="../../gui/budgeting.py" />
      <location filename="../../gui/panels/budget_note.py" />
      <location filename="../../gui/panels/layer_changes.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Remove channels</source>
      <translation>移除通道</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>Remove channels of {layers}</source>
      <translation>移除 {layers} 的通道</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Remove from the queue</source>
      <translation>从队列中移除</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>Remove model.depth, or choose a network with residual blocks.</source>
      <translation>请删除 model.depth，或选择带残差块的网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Remove num_classes, or put the argument's own name into arguments.</source>
      <translation>请去掉 num_classes，或在 arguments 中使用该参数自己的名称。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_designs.py" />
      <source>Remove or correct model.arguments.</source>
      <translation>请去掉或改正 model.arguments。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Remove reestimate</source>
      <translation>去掉 reestimate</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Remove reestimate here.</source>
      <translation>请在此去掉 reestimate。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Remove round_to</source>
      <translation>去掉 round_to</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <source>Remove stage</source>
      <translation>移除步骤</translation>
    </message>
    <message>
      <location filename="../../gui/problems/plan.py" />
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Remove stage {number}</source>
      <translation>移除步骤 {number}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Remove start</source>
      <translation>去掉 start</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Remove start, or move the stage into the during list of a train stage.</source>
      <translation>请去掉 start，或把该步骤移入训练步骤的 during 列表。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/recipe/_sense.py" />
      <source>Remove the channels</source>
      <translation>移除这些通道</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>Remove the depth</source>
      <translation>删除深度</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Remove the file or replace it.</source>
      <translation>请移除或替换该文件。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Remove the key {key}.</source>
      <translation>请去掉键 {key}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_decompose.py" />
      <source>Remove the rank</source>
      <translation>删除秩</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_decompose.py" />
      <source>Remove the rank or the target; a layer with a rank of its own keeps it.</source>
      <translation>请删除秩或目标；自带秩的层会保留自己的秩。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>Remove the rule for {layer}</source>
      <translation>移除 {layer} 的规则</translation>
    </message>
    <message>
      <location filename="../../gui/problems/plan.py" />
      <source>Remove the rule for {pattern}</source>
      <translation>删除 {pattern} 的规则</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Remove the schedule</source>
      <translation>去掉调度</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Remove the stage</source>
      <translation>删除此步骤</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Remove the stage, and report this network.</source>
      <translation>请删除此步骤，并报告此网络。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Remove the stage; available are: {words}.</source>
      <translation>请移除该步骤；可用的有：{words}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <location filename="../../backend/recipe/_sense.py" />
      <source>Remove the target</source>
      <translation>去掉目标</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Remove the weights</source>
      <translation>删除权重</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>Remove the width</source>
      <translation>删除宽度</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Remove these rows or replace the values.</source>
      <translation>请去掉这些行或替换其中的值。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>Remove this loss</source>
      <translation>删除此损失</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Remove width and depth, or remove the weights and train the smaller network.</source>
      <translation>请删除 width 和 depth，或删除权重并训练较小的网络。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Remove {amount} of the blocks</source>
      <translation>移除 {amount} 的块</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>Remove {amount} {method}</source>
      <translation>移除 {amount} {method}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Remove {key}</source>
      <translation>去掉 {key}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Remove {key} here.</source>
      <translation>请在这里去掉 {key}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Remove {key}, or choose another method.</source>
      <translation>请去掉 {key}，或选择另一种方法。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Remove {key}, or choose the source bundled or torchvision.</source>
      <translation>请删除 {key}，或选择来源 bundled 或 torchvision。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/nested.py" />
      <source>Remove {name}</source>
      <translation>移除 {name}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/during_card.py" />
      <location filename="../../gui/panels/recipe_panel.py" />
      <location filename="../../gui/panels/stage_card.py" />
      <source>Remove {stage}</source>
      <translation>移除{stage}</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/plots/mask_plot.py" />
      <location filename="../../gui/plots/picture_key.py" />
      <source>Removed</source>
      <translation>已移除</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>Removed {count} of {total} blocks: {blocks}</source>
      <translation>已移除 {total} 个块中的 {count} 个：{blocks}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/threshold.py" />
      <source>Removes every weight whose absolute value lies below a threshold; the amount follows from it.</source>
      <translation>移除绝对值低于阈值的所有权重；比例由此得出。</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>Removes from {count} chosen layer</source>
      <translation>从 {count} 个所选层移除</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>Removes from {count} chosen layers</source>
      <translation>从 {count} 个所选层移除</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/random_unstructured.py" />
      <source>Removes single weights at random: the yardstick that any other criterion must beat.</source>
      <translation>随机移除单个权重：其他任何准则都必须胜过的标尺。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/fpgm.py" />
      <source>Removes the channels nearest to the geometric median of their layer: the others can stand in for them.</source>
      <translation>移除最接近本层几何中位数的通道：其他通道可以代替它们。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/slim.py" />
      <source>Removes the channels that the BatchNorm after them scales smallest, and pulls scales to zero in training.</source>
      <translation>移除其后 BatchNorm 缩放系数最小的通道，并在训练中把系数拉向零。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/apoz.py" />
      <source>Removes the channels whose activation is zero on the largest share of calibration images.</source>
      <translation>移除在校准图像上激活为零的份额最大的通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/taylor.py" />
      <source>Removes the channels whose removal should change the loss on calibration images least.</source>
      <translation>移除对校准图像上的损失影响预计最小的通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/movement.py" />
      <source>Removes the single weights that fine-tuning moves toward zero, however large they are.</source>
      <translation>移除微调使其趋向零的单个权重，无论其大小。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/snip.py" />
      <source>Removes the single weights that matter least to the loss; made for a network before any training.</source>
      <translation>移除对损失影响最小的单个权重；适合训练之前的网络。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/l1_unstructured.py" />
      <source>Removes the single weights with the smallest absolute value.</source>
      <translation>移除绝对值最小的单个权重。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/hessian.py" />
      <source>Removes the weights or channels that the loss on calibration images would miss least, by its curvature.</source>
      <translation>按损失的曲率，移除校准图像上影响最小的权重或通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/gradient.py" />
      <source>Removes the weights or channels with the smallest gradients of the loss on calibration images.</source>
      <translation>移除校准图像上损失梯度最小的权重或通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/layer.py" />
      <source>Removes whole blocks, not single layers</source>
      <translation>移除整个块，而不是单个层</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/random_structured.py" />
      <source>Removes whole channels at random: the yardstick that any other criterion must beat.</source>
      <translation>随机移除整个通道：其他任何准则都必须胜过的标尺。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>Removes whole channels whose weights have the smallest norm.</source>
      <translation>移除权重范数最小的整个通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/layer.py" />
      <source>Removes whole residual blocks, the one whose removal raises the loss least first.</source>
      <translation>移除整个残差块，先移除使损失上升最少的块。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_structure.py" />
      <source>Removing every channel of {layer} would leave no network.</source>
      <translation>移除 {layer} 的所有通道后网络将不复存在。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/queue_panel.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Rename</source>
      <translation>重命名</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../backend/stages/replace.py" />
      <source>Replace</source>
      <translation>替换</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>Replace my stages</source>
      <translation>替换我的步骤</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Replaced {count} layers</source>
      <translation>已替换 {count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Replaces {count} files of the same name</source>
      <translation>将替换 {count} 个同名文件</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Replaces {file}</source>
      <translation>将替换 {file}</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>Replacing {layer}</source>
      <translation>正在替换 {layer}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_columns.py" />
      <source>Reset columns</source>
      <translation>恢复默认列</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Reset layout</source>
      <translation>恢复布局</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Reset to inherited</source>
      <translation>恢复继承设置</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <location filename="../../gui/panels/stage_form.py" />
      <source>Reset {layers}</source>
      <translation>恢复 {layers}</translation>
    </message>
    <message>
      <location filename="../../backend/models/resnet_cifar.py" />
      <source>Residual network of 20 layers for 32×32 color images: 269,722 parameters.</source>
      <translation>20 层残差网络，用于 32×32 彩色图像：269,722 个参数。</translation>
    </message>
    <message>
      <location filename="../../backend/models/resnet_cifar.py" />
      <source>Residual network of 32 layers for 32×32 color images: 464,154 parameters.</source>
      <translation>32 层残差网络，用于 32×32 彩色图像：464,154 个参数。</translation>
    </message>
    <message>
      <location filename="../../backend/models/resnet_cifar.py" />
      <source>Residual network of 44 layers for 32×32 color images: 658,586 parameters.</source>
      <translation>44 层残差网络，用于 32×32 彩色图像：658,586 个参数。</translation>
    </message>
    <message>
      <location filename="../../backend/models/resnet_cifar.py" />
      <source>Residual network of 56 layers for 32×32 color images: 853,018 parameters.</source>
      <translation>56 层残差网络，用于 32×32 彩色图像：853,018 个参数。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <location filename="../../gui/panels/live_panel.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Resume</source>
      <translation>继续运行</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Resume it with the recipe that stands in its folder, or choose a new folder.</source>
      <translation>请用其文件夹中的配方继续，或选择新文件夹。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Resume the run</source>
      <translation>继续运行</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>Return (train, test), or (train, test, metric).</source>
      <translation>请返回 (train, test) 或 (train, test, metric)。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>Return data sets with a length and items (image, label).</source>
      <translation>请返回有长度、元素为 (图像, 标签) 的数据集。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>Rewind to</source>
      <translation>回退到</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Right</source>
      <translation>正确</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Right axis</source>
      <translation>右轴</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Right, %</source>
      <translation>正确，%</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Right, pt</source>
      <translation>正确，百分点</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Round to the nearest level</source>
      <translation>舍入到最近的级别</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <location filename="../../backend/quantization/weight_only.py" />
      <source>Rounding weights</source>
      <translation>正在舍入权重</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Rounding {layer}</source>
      <translation>正在舍入 {layer}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/iterative.py" />
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>Rounds</source>
      <translation>轮次</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>Rounds weights and activations to int8 while the weights move, which win back what rounding costs.</source>
      <translation>在权重变动时把权重和激活舍入到 int8，由训练找回舍入的损失。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/confusion_table.py" />
      <source>Rows are the labels, columns the answers</source>
      <translation>行为标签，列为回答</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Rows: labels. Columns: answers.</source>
      <translation>行：标签。列：回答。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <source>Rules for {layers} match nothing here and were left out.</source>
      <translation>针对 {layers} 的规则在这里没有匹配的层，已略去。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Rules for {layers} match nothing in your network and are left out.</source>
      <translation>针对 {layers} 的规则在您的网络中没有匹配的层，将被略去。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panels/live_panel.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <location filename="../../gui/toolbar.py" />
      <source>Run</source>
      <translation>运行</translation>
    </message>
    <message>
      <location filename="../../gui/run_state.py" />
      <source>Run finished</source>
      <translation>运行完成</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Run git lfs pull in that folder.</source>
      <translation>请在该文件夹中执行 git lfs pull。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Run it in Pare's folder. What is not saved in {file} is set by the command.</source>
      <translation>请在 Pare 的文件夹中运行。{file} 中未保存的改动由命令设置。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Run it in Pare's folder; add --output FOLDER to say where the results go.</source>
      <translation>请在 Pare 的文件夹中运行；加上 --output FOLDER 可指定结果的位置。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Run it once on an example where it is made, or use layers with sizes in place of Lazy ones.</source>
      <translation>请在创建它的地方用一个示例运行一次，或用写明大小的层代替 Lazy 层。</translation>
    </message>
    <message>
      <location filename="../../gui/run_state.py" />
      <source>Run started: {name}</source>
      <translation>运行开始：{name}</translation>
    </message>
    <message>
      <location filename="../../gui/run_state.py" />
      <source>Run stopped. The network is as it was.</source>
      <translation>运行已停止。网络保持原样。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>Run the recipe again, or open another folder.</source>
      <translation>请重新运行配方，或打开其他文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>Run the recipe again.</source>
      <translation>请重新运行配方。</translation>
    </message>
    <message>
      <location filename="../../gui/repairs.py" />
      <source>Run the recipe again: if it still needs the repair, that is offered anew.</source>
      <translation>请再次运行配方：如果仍需要修复，会重新提供。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>Run the recipe first</source>
      <translation>请先运行配方</translation>
    </message>
    <message>
      <location filename="../../backend/checkpoint.py" />
      <source>Run the recipe without --resume.</source>
      <translation>请去掉 --resume 运行配方。</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Run {number}</source>
      <translation>运行 {number}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/run_rows.py" />
      <source>Run {number} · {name}</source>
      <translation>运行 {number} · {name}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Running</source>
      <translation>进行中</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/palette_groups.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Runs</source>
      <translation>运行记录</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/trust_badge.py" />
      <source>Runs code</source>
      <translation>会运行代码</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/runtimes/torch_cpu.py" />
      <source>Runs the network with PyTorch on the processor, layer by layer.</source>
      <translation>用 PyTorch 在处理器上逐层运行网络。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/sgd.py" />
      <source>SGD</source>
      <translation>SGD</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>SGD looks ahead along its momentum (Sutskever et al. 2013).</source>
      <translation>SGD 沿动量方向提前一步（Sutskever 等，2013）。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>SHA-256</source>
      <translation>SHA-256</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/snip.py" />
      <source>SNIP</source>
      <translation>SNIP</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>SQNR</source>
      <translation>SQNR</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/sensitivity_table_dialog.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>SQNR against amount</source>
      <translation>SQNR 随比例的变化</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>SQNR is measured by a run that quantizes.</source>
      <translation>SQNR 由含量化步骤的运行测得。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>SQNR of rounding {sqnr} dB</source>
      <translation>舍入的 SQNR {sqnr} dB</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/plots/error_plot.py" />
      <source>SQNR, dB</source>
      <translation>SQNR（dB）</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/svd.py" />
      <source>SVD</source>
      <translation>SVD</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/trust_badge.py" />
      <source>Safe</source>
      <translation>安全</translation>
    </message>
    <message>
      <location filename="../../gui/toolbar.py" />
      <source>Sample</source>
      <translation>示例</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <source>Save</source>
      <translation>保存</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Save a dictionary from layer name to a tensor of 0 and 1 as .safetensors, .npz or .pt.</source>
      <translation>请把“层名称 → 0/1 张量”的字典保存为 .safetensors、.npz 或 .pt。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/commands/templates.py" />
      <source>Save as template</source>
      <translation>存为模板</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Save changed answers…</source>
      <translation>保存变化的回答…</translation>
    </message>
    <message>
      <location filename="../../gui/plots/saving.py" />
      <source>Save data</source>
      <translation>保存数据</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/panels/error_chart.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <location filename="../../gui/panels/weights_view.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <source>Save data…</source>
      <translation>保存数据…</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Save images as uint8 or float32 arrays.</source>
      <translation>请把图像保存为 uint8 或 float32 数组。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Save matrix…</source>
      <translation>保存矩阵…</translation>
    </message>
    <message>
      <location filename="../../gui/plots/saving.py" />
      <source>Save picture</source>
      <translation>保存图片</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <location filename="../../gui/panels/error_chart.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <location filename="../../gui/panels/weights_view.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <source>Save picture…</source>
      <translation>保存图片…</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Save plain arrays of numbers with numpy.savez.</source>
      <translation>请用 numpy.savez 保存普通的数值数组。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/commands/files.py" />
      <location filename="../../gui/panes.py" />
      <source>Save recipe</source>
      <translation>保存配方</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Save recipe as…</source>
      <translation>配方另存为…</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Save script</source>
      <translation>保存脚本</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Save script…</source>
      <translation>保存脚本…</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>Save the network's state_dict() with torch.save and open that file.</source>
      <translation>请用 torch.save 保存网络的 state_dict()，再打开该文件。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Save them as uint8 from 0 to 255, or as floats.</source>
      <translation>请保存为 0 到 255 的 uint8，或浮点数。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Save what is shown</source>
      <translation>保存当前内容</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>Save x_train, y_train, x_test and y_test together with numpy.savez.</source>
      <translation>请用 numpy.savez 把 x_train、y_train、x_test 和 y_test 一起保存。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <source>Saved as the template {name}.</source>
      <translation>已存为模板 {name}。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Saved as {file}.</source>
      <translation>已保存为 {file}。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Saved weights</source>
      <translation>已保存的权重</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Scale</source>
      <translation>缩放系数</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/plots/channel_plot.py" />
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>Scale S</source>
      <translation>缩放系数 S</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Scale S in R = S · (Q − Z): of the output where that is quantized, else of the weights</source>
      <translation>R = S · (Q − Z) 中的缩放系数 S：输出被量化时为输出的，否则为权重的</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bnn.py" />
      <source>Scale per channel</source>
      <translation>逐通道缩放</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Scan again</source>
      <translation>重新扫描</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panels/budget_note.py" />
      <location filename="../../gui/panels/model_panel.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Scan sensitivity</source>
      <translation>扫描敏感度</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_ranked.py" />
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Scanning layers</source>
      <translation>正在扫描各层</translation>
    </message>
    <message>
      <location filename="../../gui/main_window.py" />
      <source>Scanning sensitivity</source>
      <translation>正在扫描敏感度</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <source>Scanning the sensitivity of {count} layers</source>
      <translation>正在扫描 {count} 层的敏感度</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Scanning…</source>
      <translation>正在扫描…</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <location filename="../../backend/stages/prune.py" />
      <source>Schedule</source>
      <translation>调度</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Scope</source>
      <translation>范围</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Script that reproduces the run</source>
      <translation>重现此次运行的脚本</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Search</source>
      <translation>搜索</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/search_box.py" />
      <source>Search actions, layers, runs</source>
      <translation>搜索操作、层、运行</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Searching over recipes is not in this version of Pare.</source>
      <translation>此版本的 Pare 还不能搜索配方。</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_data.py" />
      <source>Seconds</source>
      <translation>秒</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_main.py" />
      <source>See: python main.py --help</source>
      <translation>参见：python main.py --help</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Seed</source>
      <translation>随机种子</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>Select a finished run first</source>
      <translation>请先选择一次已完成的运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Select a layer and press W, or choose Show weights in its menu, to see its weights and activations.</source>
      <translation>选中一层并按 W，或在其菜单中选择“查看权重分布”，即可在此查看它的权重和激活。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Select a layer with weights to see them.</source>
      <translation>请选择有权重的层再查看。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>Select a stopped run first</source>
      <translation>先选择一个已停止的运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>Select all that match</source>
      <translation>选择所有符合的层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Select runs below and press Compare. Their figures, stages, layers and recipes then stand side by side here, with the images whose answer changed.</source>
      <translation>在下方选择运行，然后按“对比”。它们的指标、步骤、各层和配方将在此并排显示，并列出回答发生变化的图像。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>Select them</source>
      <translation>选择它们</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Sens.</source>
      <translation>敏感</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>Sensitivity</source>
      <translation>敏感度</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Sensitivity of {network}</source>
      <translation>{network} 的敏感度</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>Separated it would hold no fewer weights</source>
      <translation>分离后权重不会更少</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Set</source>
      <translation>设定</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Set a budget…</source>
      <translation>设定预算…</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Set data.limit to use fewer, or store the pictures smaller.</source>
      <translation>请设置 data.limit 以使用较少图片，或把图片存得更小。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Set device: cpu.</source>
      <translation>请设置 device: cpu。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Set file to a .safetensors, .npz or .pt file of masks.</source>
      <translation>请把 file 设为 .safetensors、.npz 或 .pt 掩码文件。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Set it on the stage itself.</source>
      <translation>请在步骤本身上设置。</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>Set label_smoothing: 0.</source>
      <translation>请设置 label_smoothing: 0。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>Set model.num_classes to {classes}, or choose other data.</source>
      <translation>请把 model.num_classes 设为 {classes}，或选择其他数据。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>Set on {done}; {count} layer was left as it is: {reason}.</source>
      <translation>已设置 {done} 层；{count} 层保持原样：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>Set on {done}; {count} layers were left as they are: {reason}.</source>
      <translation>已设置 {done} 层；{count} 层保持原样：{reason}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>Set remove: false to keep the masks, and report this network.</source>
      <translation>请设置 remove: false 以保留掩码，并反馈该网络。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_trace.py" />
      <source>Set remove: false: channels are then masked, not removed.</source>
      <translation>请设置 remove: false：通道将被掩蔽而不是移除。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <location filename="../../backend/recipe/_sense.py" />
      <source>Set remove: true for macs, parameters, size and latency, and remove: false for sparsity.</source>
      <translation>macs、parameters、size 和 latency 请设置 remove: true，sparsity 请设置 remove: false。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_layers.py" />
      <source>Set remove: true, or choose another target.</source>
      <translation>请设置 remove: true，或选择另一个目标。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Set remove: true, or remove round_to.</source>
      <translation>请设置 remove: true，或去掉 round_to。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_decompose.py" />
      <source>Set {rank} too, or remove {other}.</source>
      <translation>请同时设置 {rank}，或删除 {other}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/while_training.py" />
      <source>Sets the least important to zero after each epoch and lets it come back; the last choice stays.</source>
      <translation>每轮之后把最不重要的置零并允许恢复；最后一次的选择保留。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Sets the least important weights or channels to zero.</source>
      <translation>把最不重要的权重或通道置零。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <location filename="../../gui/palette_groups.py" />
      <source>Settings</source>
      <translation>设置</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>Settings of the recipe</source>
      <translation>配方的设置</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Settings…</source>
      <translation>设置…</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Shape of the output for one input, without the batch</source>
      <translation>单个输入的输出形状，不含批次维</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>Shape unknown</source>
      <translation>形状未知</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Share of the blocks of every stage, one at least: a shallower version, with weights of its own.</source>
      <translation>每个阶段的块保留的比例，至少一个：更浅的版本，拥有自己的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Share of the channels of every layer: a narrower version, with weights of its own.</source>
      <translation>每层通道保留的比例：更窄的版本，拥有自己的权重。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>Share of the class's images that are told right</source>
      <translation>该类别的图像中回答正确的比例</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Share of the layer that is pruned, all others as they are</source>
      <translation>该层被剪枝的份额，其他层保持原样</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Share of the network's multiply-accumulates for one input</source>
      <translation>单个输入的乘加运算占整个网络的比例</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/_base.py" />
      <source>Share of the training after which pruning begins.</source>
      <translation>训练进行到该份额后开始剪枝。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/_base.py" />
      <source>Share of the training at which the whole amount is reached; what follows is fine-tuning.</source>
      <translation>训练进行到该份额时达到全部比例；其后是微调。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>Share of the training whose weights the rounds begin with; 0 takes those before it.</source>
      <translation>各轮次从训练到该份额时的权重开始；0 表示训练之前的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>Share of the weight's squared norm that the factors keep; the smallest ranks that do are taken.</source>
      <translation>因子所保留的权重平方范数的份额；取能做到的最小的秩。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Share of the weights or channels that are zero afterwards.</source>
      <translation>处理后为零的权重或通道所占比例。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Share of the weights that are zero</source>
      <translation>为零的权重所占比例</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Share of zeros</source>
      <translation>零的占比</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_replace.py" />
      <source>Shares its weight with {layer}</source>
      <translation>与 {layer} 共用权重</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_layers.py" />
      <source>Shares its weight with {layer}, and is pruned with that</source>
      <translation>与 {layer} 共享权重，并随之剪枝</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>Shares its weight with {layer}, and its channels go with that</source>
      <translation>与 {layer} 共享权重，其通道随之而定</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Shares of the channels of each layer and of the blocks of each stage. Below 100% it is a smaller network of the same kind, with weights of its own: a student to be trained.</source>
      <translation>每层通道数与每个阶段块数的占比。低于 100% 时是同类的较小网络，有自己的权重：一个待训练的学生网络。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/codebook.py" />
      <source>Sharing weights</source>
      <translation>正在共享权重</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Show all dots</source>
      <translation>显示所有点</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <location filename="../../gui/panels/weights_view.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <source>Show as table</source>
      <translation>以表格显示</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>Show in folder</source>
      <translation>在文件夹中显示</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Show in the file manager</source>
      <translation>在文件管理器中显示</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Show it in the file manager and delete it there.</source>
      <translation>请在文件管理器中显示并在那里删除。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <source>Show its problems</source>
      <translation>显示其问题</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>Show live</source>
      <translation>查看实时</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Show the budget</source>
      <translation>显示预算</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Show the log</source>
      <translation>显示日志</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Show the plot as a table</source>
      <translation>以表格显示图表</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>Show the stage</source>
      <translation>显示此步骤</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Show the whole run</source>
      <translation>显示整个运行</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <source>Show weights</source>
      <translation>查看权重分布</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Show {tab}</source>
      <translation>显示{tab}</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>Shown as</source>
      <translation>显示为</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Signal to quantization noise of the layer's output, in decibels; higher is better</source>
      <translation>该层输出的信号与量化噪声之比（分贝）；越高越好</translation>
    </message>
    <message>
      <location filename="../../backend/models/simple_model.py" />
      <source>SimpleModel</source>
      <translation>SimpleModel</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/dialogs/export_parts.py" />
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/target_text.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>Size after it</source>
      <translation>之后的大小</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Size on disk ({unit}), smaller is better</source>
      <translation>磁盘占用（{unit}），越小越好</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/slim.py" />
      <source>Slim</source>
      <translation>瘦身 Slim</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_select.py" />
      <source>Slim names BatchNorm layers; in Pare the layers stand whose channels they scale.</source>
      <translation>Slim 写的是 BatchNorm 层；在 Pare 中写的是由其缩放通道的层。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Smallest</source>
      <translation>最小值</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/moving_average.py" />
      <source>Smallest and largest value of each batch, averaged with 1 % weight for the newest.</source>
      <translation>每批的最小值和最大值取平均，最新一批权重为 1 %。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>Smallest to largest</source>
      <translation>最小到最大</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/soft_targets.py" />
      <source>Soft targets</source>
      <translation>软目标 Soft targets</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>Soft targets in two parts: how sure the teacher is of the label, and how it ranks the other classes.</source>
      <translation>软目标分为两部分：教师网络对标签有多确定，以及它如何排列其他类别。</translation>
    </message>
    <message>
      <location filename="../../backend/events.py" />
      <source>Something in Pare went wrong: {error}.</source>
      <translation>Pare 内部出错：{error}。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Something is missing</source>
      <translation>缺少内容</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_columns.py" />
      <source>Sort by</source>
      <translation>排序方式</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_columns.py" />
      <source>Sort by {column}, falling</source>
      <translation>按{column}降序</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_columns.py" />
      <source>Sort by {column}, rising</source>
      <translation>按{column}升序</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>Sorted by {column}, A to Z</source>
      <translation>按{column}排序，A 到 Z</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>Sorted by {column}, Z to A</source>
      <translation>按{column}排序，Z 到 A</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>Sorted by {column}, largest first</source>
      <translation>按{column}排序，从大到小</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>Sorted by {column}, smallest first</source>
      <translation>按{column}排序，从小到大</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Source</source>
      <translation>来源</translation>
    </message>
    <message>
      <location filename="../../backend/export/encoded.py" />
      <source>Sparse positions, codebooks and Huffman codes (.encoded): the smallest file, without loss. The decoder written beside it needs numpy alone.</source>
      <translation>稀疏位置、码本与 Huffman 编码（.encoded）：最小的文件，无损。旁边写出的解码器只需要 numpy。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <location filename="../../gui/plots/run_data.py" />
      <location filename="../../gui/plots/run_plots.py" />
      <location filename="../../gui/target_text.py" />
      <source>Sparsity</source>
      <translation>稀疏度</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Sparsity and learning rate over time</source>
      <translation>稀疏度与学习率随时间的变化</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Sparsity and loss over time</source>
      <translation>稀疏度和损失随时间的变化</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Sparsity, % (left)</source>
      <translation>稀疏度，%（左轴）</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Stage</source>
      <translation>步骤</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>Stage {index} of the recipe does not prune.</source>
      <translation>配方的步骤 {index} 不是剪枝。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Stage {later} ({kind}) comes after stage {earlier} has converted the network to low precision, where weights can no longer change.</source>
      <translation>第 {later} 步（{kind}）位于第 {earlier} 步之后，而第 {earlier} 步已把网络转换为低精度，权重不能再改变。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Stage {later} asks for no more zeros than stage {earlier} leaves.</source>
      <translation>步骤 {later} 要求的零不多于步骤 {earlier} 已有的零。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/rewriting.py" />
      <source>Stage {later} puts other layers in the place of some that stage {earlier} prunes: their zeros are lost.</source>
      <translation>第 {later} 步替换了第 {earlier} 步剪枝过的一些层：其中的零会丢失。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>Stage {number}</source>
      <translation>步骤 {number}</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Stage {number} changes nothing: every layer is kept as it is.</source>
      <translation>步骤 {number} 不会改变任何东西：所有层都保持不变。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/rewriting.py" />
      <source>Stage {number} folds BatchNorm away before stage {later} trains, which goes worse without it.</source>
      <translation>第 {number} 步在第 {later} 步训练之前就折叠了 BatchNorm，没有它训练效果会变差。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Stage {number} prunes {amount} and nothing trains after it, so accuracy may fall.</source>
      <translation>步骤 {number} 剪枝 {amount}，之后没有训练，准确率可能下降。</translation>
    </message>
    <message>
      <location filename="../../gui/run_state.py" />
      <source>Stage {number}: {stage}</source>
      <translation>第 {number} 步：{stage}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <source>Stage {number}: {title}</source>
      <translation>第 {number} 步：{title}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/panels/compare_panel.py" />
      <source>Stages</source>
      <translation>步骤</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>Stages and methods to add</source>
      <translation>可添加的步骤和方法</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_edit.py" />
      <source>Stages count from 0; this recipe has {count}.</source>
      <translation>步骤从 0 开始计数；此配方有 {count} 个。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <source>Stages of the recipe</source>
      <translation>配方的步骤</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <source>Stages of {template}</source>
      <translation>{template}的步骤</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>Stages {earlier} and {later} both quantize, and a network is quantized once.</source>
      <translation>步骤 {earlier} 和 {later} 都进行量化，而网络只能量化一次。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/log_panel.py" />
      <source>Stages, measurements and warnings of a run are listed here with the time they came.</source>
      <translation>运行的步骤、测量和警告连同时间列在这里。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Standard deviation</source>
      <translation>标准差</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/shortcuts_dialog.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Star as the best</source>
      <translation>加星标为最佳</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/runs.py" />
      <source>Star this run as the best</source>
      <translation>把此运行加星标为最佳</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/_base.py" />
      <location filename="../../backend/quantization/_base.py" />
      <source>Start</source>
      <translation>开始</translation>
    </message>
    <message>
      <location filename="../../gui/commands/session.py" />
      <source>Start fresh</source>
      <translation>重新开始</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Start from the network as it was before it was quantized.</source>
      <translation>请从量化之前的网络开始。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Start in the middle</source>
      <translation>从中途开始</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Start it without --resume, or name the folder of the run.</source>
      <translation>请去掉 --resume 启动，或指定运行的文件夹。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Start next</source>
      <translation>下一个开始</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Start page</source>
      <translation>起始页</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Start the sample</source>
      <translation>开始试用</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Start what waits</source>
      <translation>开始等待中的配方</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/static_int8.py" />
      <source>Static int8</source>
      <translation>静态 int8</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/item_models/runs.py" />
      <source>Status</source>
      <translation>状态</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>Stay</source>
      <translation>留在这里</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/step.py" />
      <source>Step</source>
      <translation>步</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/lsq.py" />
      <source>Step per channel</source>
      <translation>逐通道步长</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/lsq.py" />
      <source>Step sizes of weights and activations train with the weights, at 2 to 8 bits. The file becomes small; it computes in float32, so latency does not fall.</source>
      <translation>权重和激活的步长与权重一起训练，2 到 8 比特。文件变小；以 float32 计算，因此延迟不会降低。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/agp.py" />
      <source>Steps</source>
      <translation>步数</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/sgd.py" />
      <source>Stochastic gradient descent with momentum; the usual choice for convolutional networks.</source>
      <translation>带动量的随机梯度下降；卷积网络的常用选择。</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/main_window.py" />
      <location filename="../../gui/panels/answers_view.py" />
      <location filename="../../gui/panels/queue_panel.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/toolbar.py" />
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>Stop and close</source>
      <translation>停止并关闭</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Stop early</source>
      <translation>提前停止</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/item_models/runs.py" />
      <location filename="../../gui/panels/stage_card.py" />
      <source>Stopped</source>
      <translation>已停止</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Stopped: the answers are not known</source>
      <translation>已停止：回答未知</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Stopped; scanning again goes on from here</source>
      <translation>已停止；重新扫描会从这里继续</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <location filename="../../gui/item_models/queue_rows.py" />
      <location filename="../../gui/main_window.py" />
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panels/status_bar.py" />
      <source>Stopping…</source>
      <translation>正在停止…</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Stores weights, or computes, with fewer bits.</source>
      <translation>用更少的位数存储权重或进行计算。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>Structure and weights in one pickle (.module.pth), for torch.load where the same classes can be imported.</source>
      <translation>结构和权重合为一个 pickle（.module.pth），在能导入相同类的地方用 torch.load 读取。</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <source>Structure and weights, always as float32 (.onnx), with a free batch size, checked with ONNX Runtime.</source>
      <translation>结构和权重（.onnx），始终为 float32，批大小不限，用 ONNX Runtime 校验。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Student</source>
      <translation>学生</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Symmetric has its zero point at 0; affine moves it to use the whole range.</source>
      <translation>对称的零点为 0；仿射移动零点以用足整个范围。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>System</source>
      <translation>系统</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <location filename="../../gui/panels/weights_panel.py" />
      <source>Table, picture, data</source>
      <translation>表格、图片、数据</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teaching.py" />
      <source>Take a loss on features, or remove distill.</source>
      <translation>请使用比较特征的损失，或删除 distill。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_chips.py" />
      <source>Take {name} out of the comparison</source>
      <translation>将 {name} 移出对比</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>Takes channels out with all that depends on them: the network gets smaller and faster.</source>
      <translation>把通道连同所有依赖它们的部分一起取出：网络变得更小更快。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adadelta.py" />
      <source>Takes steps as large as the ones that went before, without a rate to tune (Zeiler 2012).</source>
      <translation>步长与之前的步长相当，无需调节学习率（Zeiler，2012）。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Takes the masks from a file, layer by layer; the amount then follows from the file.</source>
      <translation>逐层从文件读取掩码；比例由文件得出。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>Takes the mean error of each channel, measured on calibration images, off its bias.</source>
      <translation>从偏置中减去在校准图像上测得的每个通道的平均误差。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <location filename="../../backend/stages/prune.py" />
      <location filename="../../backend/stages/quantize.py" />
      <source>Target</source>
      <translation>目标</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/taylor.py" />
      <source>Taylor</source>
      <translation>泰勒 Taylor</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <location filename="../../backend/stages/_training.py" />
      <source>Teacher</source>
      <translation>教师</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_base.py" />
      <source>Temperature</source>
      <translation>温度</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Templates</source>
      <translation>模板</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>TensorBoard</source>
      <translation>TensorBoard</translation>
    </message>
    <message>
      <location filename="../../gui/commands/texts.py" />
      <source>TensorBoard events written: tensorboard --logdir {folder}</source>
      <translation>已写入 TensorBoard 事件：tensorboard --logdir {folder}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>Tensors</source>
      <translation>张量</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/changed_images.py" />
      <source>Test image {number}: {label}
before: {before} ({sure_before})
after: {after} ({sure_after})</source>
      <translation>测试图像 {number}：{label}
之前：{before}（{sure_before}）
之后：{after}（{sure_after}）</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>The MNIST tutorials' network: half of both convolutions, fine-tuning, then int8.</source>
      <translation>MNIST 教程的网络：两个卷积各剪一半，微调，然后 int8。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>The answer for {count} test image is the same.</source>
      <translation>{count} 张测试图像的回答相同。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>The answers are not known</source>
      <translation>回答未知</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>The answers for all {count} test images are the same.</source>
      <translation>全部 {count} 张测试图像的回答都相同。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/comparison.py" />
      <source>The answers were written to {path} but can't be read there.</source>
      <translation>回答已写入 {path}，但无法从中读取。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>The budget limits {limit}, and masks make nothing smaller or faster.</source>
      <translation>预算限制了{limit}，而掩码不会让任何东西变小或变快。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>The calibration images hold NaN or infinite values.</source>
      <translation>校准图像含有 NaN 或无穷大。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The calibration images never reach it</source>
      <translation>校准图像从未到达它</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>The channels are laid out anew in {where}</source>
      <translation>通道在 {where} 中被重新排列</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>The channels are split into equal parts in {where}</source>
      <translation>通道在 {where} 中被平均分成几份</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_cut.py" />
      <source>The channels that were removed from this network are not in it.</source>
      <translation>从该网络移除的通道不在其中。</translation>
    </message>
    <message>
      <location filename="../../backend/checkpoint.py" />
      <source>The checkpoint in {path} can't be read.</source>
      <translation>无法读取 {path} 中的检查点。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>The config_list selects no layer of this network that has weights.</source>
      <translation>此 config_list 没有选中该网络中任何带权重的层。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_open.py" />
      <source>The data has no test images of its own, so a fifth was kept for the test (seed {seed}).</source>
      <translation>数据没有自己的测试图像，因此留出五分之一用于测试（种子 {seed}）。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/accuracy.py" />
      <source>The data has the label {label}, but the network tells {classes} classes apart.</source>
      <translation>数据含有标签 {label}，但网络只区分 {classes} 个类别。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_cut.py" />
      <source>The data has {count} training images, too few to cut validation off.</source>
      <translation>数据只有 {count} 张训练图像，不足以划分出验证部分。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>The data of this run can't be opened, so the files are compared on random images.</source>
      <translation>无法打开此运行的数据，因此用随机图像比较文件。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <source>The data of this run has a metric of its own, so there are no classes to tell apart.</source>
      <translation>此运行的数据使用自己的指标，因此没有可区分的类别。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_open.py" />
      <source>The data source {source} needs {key}.</source>
      <translation>数据来源 {source} 需要 {key}。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>The disk that holds the runs in {path} is nearly full.</source>
      <translation>存放运行记录的磁盘（{path}）快满了。</translation>
    </message>
    <message>
      <location filename="../../backend/files.py" />
      <source>The disk that holds {path} is full, so nothing was written there.</source>
      <translation>{path} 所在的磁盘已满，那里什么也没有写入。</translation>
    </message>
    <message>
      <location filename="../../backend/engine/client.py" />
      <source>The engine crashed ({signal}).</source>
      <translation>引擎崩溃了（{signal}）。</translation>
    </message>
    <message>
      <location filename="../../backend/engine/client.py" />
      <source>The engine ended unexpectedly (exit code {code}).</source>
      <translation>引擎意外结束（退出码 {code}）。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>The engine is at work; stop it first</source>
      <translation>引擎正在工作；请先停止</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/main_window.py" />
      <source>The engine is starting…</source>
      <translation>引擎正在启动…</translation>
    </message>
    <message>
      <location filename="../../backend/engine/client.py" />
      <source>The engine was started again; your recipe and your finished runs are safe. Run it once more.</source>
      <translation>引擎已重新启动；您的配方和已完成的运行都安全。请再运行一次。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>The engine's answer could not be read. Choose the layer again.</source>
      <translation>无法读取引擎的回答。请重新选择该层。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <source>The factors would have as many parameters or more</source>
      <translation>因子的参数会一样多或更多</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <source>The factors would take more MACs</source>
      <translation>因子需要更多 MACs</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>The file can't be read: {reason}</source>
      <translation>无法读取文件：{reason}</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>The file defines neither a class nor a function.</source>
      <translation>该文件既没有定义类，也没有定义函数。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>The file manager did not open {folder}.</source>
      <translation>文件管理器没有打开 {folder}。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>The file's code is run; Pare asks before it is run the first time.</source>
      <translation>文件中的代码会被运行；首次运行前 Pare 会询问。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/l1_unstructured.py" />
      <source>The first thing to try for single weights: strong with fine-tuning, and needs no data. Files become small when encoded; speed stays.</source>
      <translation>剪除单个权重时的首选：配合微调效果好，且不需要数据。以 encoded 格式导出时文件变小；速度不变。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>The first thing to try for whole channels, which can then be removed: smaller and faster everywhere. Needs no data.</source>
      <translation>剪除整个通道时的首选，之后可以真正移除通道：在任何硬件上都更小更快。不需要数据。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/static_int8.py" />
      <source>The first thing to try on a CPU: a quarter of the size, and mostly faster. A few calibration images and seconds.</source>
      <translation>在 CPU 上的首选：大小为四分之一，多数情况下更快。只需少量校准图像和几秒时间。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>The folder of this run is gone, and so is the run</source>
      <translation>此运行的文件夹已不存在，该运行也随之消失</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_replace.py" />
      <location filename="../../backend/network.py" />
      <location filename="../../backend/removal/_cut.py" />
      <location filename="../../backend/replacement/_install.py" />
      <source>The folder was changed after Pare wrote it; run the recipe again.</source>
      <translation>该文件夹在 Pare 写入之后被改动过；请重新运行配方。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_folders.py" />
      <location filename="../../backend/datasets/image_folder.py" />
      <source>The folder {path} is empty.</source>
      <translation>文件夹 {path} 是空的。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>The folders in {path} hold no pictures.</source>
      <translation>{path} 中的文件夹不含图片。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_gradients.py" />
      <source>The gradients of {layer} on the calibration images are NaN or infinite.</source>
      <translation>{layer} 在校准图像上的梯度为 NaN 或无穷大。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>The grid that the network of the run has.</source>
      <translation>运行所得网络的实际网格。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_base.py" />
      <source>The higher, the more the classes that are not the most likely one count.</source>
      <translation>温度越高，非最可能的类别越受重视。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/attention_transfer.py" />
      <source>The higher, the more the strongest channel of a place counts.</source>
      <translation>越高，每个位置最强的通道所占比重越大。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>The images are of the type {type}, not numbers.</source>
      <translation>图像的类型是 {type}，不是数值。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>The images are whole numbers from {low} to {high}.</source>
      <translation>图像是 {low} 到 {high} 的整数。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>The images were taken as count × channels × height × width.</source>
      <translation>图像按 数量×通道×高×宽 读取。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The int8 engine onednn has no kernel for affine weights.</source>
      <translation>int8 引擎 onednn 没有仿射权重的内核。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/quantization/_engines.py" />
      <source>The int8 engine {engine} is not available on this computer.</source>
      <translation>int8 引擎 {engine} 在本机上不可用。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The int8 kernel of {engine} can't compute it</source>
      <translation>{engine} 的 int8 内核无法计算它</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The int8 kernel of {engine} gives wrong values for it</source>
      <translation>{engine} 的 int8 内核对它给出错误的值</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>The key {key} stands twice.</source>
      <translation>键 {key} 出现了两次。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>The labels are of the type {type}, not numbers.</source>
      <translation>标签的类型是 {type}，不是数值。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>The labels of the part {part} are not class numbers.</source>
      <translation>{part} 部分的标签不是类别编号。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>The largest value is {high}.</source>
      <translation>最大值为 {high}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>The last layer was made new for {classes} classes; the file's has {held}.</source>
      <translation>最后一层已按 {classes} 个类别新建；文件中的有 {held} 个。</translation>
    </message>
    <message>
      <location filename="../../gui/running.py" />
      <source>The last run is stopping</source>
      <translation>上一次运行正在停止</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>The last run of this recipe is outside the budget for {limit}.</source>
      <translation>此配方的上次运行超出了{limit}预算。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <location filename="../../gui/commands/scans.py" />
      <location filename="../../gui/layer_knowledge.py" />
      <source>The latency of the layers is being measured</source>
      <translation>正在测量各层延迟</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/fold_batch_norm.py" />
      <source>The layer before it is no convolution and no linear layer</source>
      <translation>它之前的层既不是卷积层也不是线性层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>The layers appear here once the engine has opened the network.</source>
      <translation>引擎打开网络后，这里显示各层。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_replace.py" />
      <source>The layers that were decomposed in this network are not in it.</source>
      <translation>此网络中被分解的层不在其中。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The library that computes; auto keeps the fastest that is right on this processor.</source>
      <translation>负责计算的库；auto 会选用在此处理器上结果正确且最快的。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/log_panel.py" />
      <source>The log is empty</source>
      <translation>日志为空</translation>
    </message>
    <message>
      <location filename="../../backend/training/_report.py" />
      <source>The loss became infinite at step {step} of the training.</source>
      <translation>训练到第 {step} 步时损失变为无穷大。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>The mask of {layer} has shape {found}, its weight {expected}.</source>
      <translation>{layer} 的掩码形状是 {found}，其权重形状是 {expected}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>The mask of {layer} holds values other than 0 and 1.</source>
      <translation>{layer} 的掩码含有 0 和 1 以外的值。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>The masks of layers that were replaced are gone: {layers}.</source>
      <translation>被替换的层的掩码已不存在：{layers}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>The method custom_mask needs a file with masks.</source>
      <translation>方法 custom_mask 需要掩码文件。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>The network as it was opened, or another one: a file, or the folder of a run.</source>
      <translation>打开时的网络，或另一个：一个文件，或一次运行的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The network calls it more than once</source>
      <translation>网络多次调用它</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/accuracy.py" />
      <source>The network can't take images of shape {shape}.</source>
      <translation>网络不能接受形状为 {shape} 的图像。</translation>
    </message>
    <message>
      <location filename="../../backend/engine/jobs/couplings.py" />
      <source>The network could not be followed on one input ({error})</source>
      <translation>无法用一个输入跟踪该网络（{error}）</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>The network does not call it</source>
      <translation>网络没有调用它</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>The network does not run with its new layers ({error}).</source>
      <translation>换上新层后网络无法运行（{error}）。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_find_blocks.py" />
      <source>The network does not run without it</source>
      <translation>没有它网络无法运行</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>The network does not use it</source>
      <translation>网络没有使用它</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_select.py" />
      <source>The network has no layer called {names}.</source>
      <translation>网络中没有名为 {names} 的层。</translation>
    </message>
    <message>
      <location filename="../../backend/export/onnx.py" />
      <source>The network is larger than 2 GB, which one ONNX file can't hold.</source>
      <translation>网络大于 2 GB，单个 ONNX 文件放不下。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>The network is scanned as it was opened; in the recipe it is trained before it is pruned.</source>
      <translation>扫描的是打开时的网络；而配方中剪枝之前会先训练。</translation>
    </message>
    <message>
      <location filename="../../gui/document.py" />
      <source>The network is still being opened</source>
      <translation>网络还在打开中</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>The network meets the target {target}: {figure} as it is, so no layer was decomposed.</source>
      <translation>网络现在就已达到目标 {target}：{figure}，因此没有分解任何层。</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>The network of epoch {epoch} is kept: the most accurate one.</source>
      <translation>保留第 {epoch} 轮的网络：它最准确。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>The network of this recipe stands in {path}, the folder that the run would fill.</source>
      <translation>该配方的网络就在 {path} 中，而这正是本次运行要写入的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/accuracy.py" />
      <source>The network returns a {type} where one tensor is needed.</source>
      <translation>网络返回了 {type}，而这里需要一个张量。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_replace.py" />
      <source>The network uses its weight without calling the layer</source>
      <translation>网络不调用该层而直接使用其权重</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <location filename="../../backend/replacement/_calls.py" />
      <source>The network's output does not depend on it</source>
      <translation>网络的输出不依赖它</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_verify.py" />
      <source>The network's own code needs all of its channels ({error})</source>
      <translation>网络自身的代码需要它的全部通道（{error}）</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>The normalization of the weights of {layers} was folded into them.</source>
      <translation>{layers} 的权重归一化已并入权重。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/nested.py" />
      <source>The only one: choose another, or switch the section off</source>
      <translation>只有这一个：请换成别的，或关闭这一部分</translation>
    </message>
    <message>
      <location filename="../../gui/network_text.py" />
      <source>The original network</source>
      <translation>原始网络</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>The other recipe</source>
      <translation>另一个配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_chips.py" />
      <source>The others are compared with it</source>
      <translation>其他项与它相比</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fx/_training.py" />
      <source>The output of {layer} is nowhere in the network that trains in int8.</source>
      <translation>以 int8 训练的网络中没有 {layer} 的输出。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/feature_mse.py" />
      <source>The outputs of the student's layers become those of the teacher's; where widths differ, a trained regressor stands between them and is left out of the result.</source>
      <translation>让学生网络各层的输出变得与教师网络一致；宽度不同时，两者之间有一个可训练的回归器，它不会留在结果中。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/hidden_cosine.py" />
      <source>The outputs of the student's layers point where those of the teacher's do, whatever their length.</source>
      <translation>让学生网络各层的输出与教师网络方向一致，不论其长度。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/histogram.py" />
      <source>The part of the values' histogram that costs the least squared error; outliers are clipped.</source>
      <translation>取平方误差最小的那部分直方图；离群值会被截断。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>The part {part} has a label {label}, but labels must go from 0 to {last}.</source>
      <translation>{part} 部分含有标签 {label}，而标签必须在 0 到 {last} 之间。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>The part {part} holds single numbers instead of images.</source>
      <translation>{part} 部分含有的是单个数值而不是图像。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>The part {part} holds values that are not numbers (NaN or infinity), in {count} rows.</source>
      <translation>{part} 部分有 {count} 行含有非数值（NaN 或无穷大）。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>The part {part} holds {images} images and {labels} labels.</source>
      <translation>{part} 部分有 {images} 张图像和 {labels} 个标签。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>The part {part} of the data is empty.</source>
      <translation>数据的 {part} 部分是空的。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>The picture {path} can't be read.</source>
      <translation>无法读取图片 {path}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>The pictures differ in size or are large; they were scaled and cut to {side}×{side}.</source>
      <translation>图片尺寸不同或较大；已缩放并裁剪为 {side}×{side}。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_verify.py" />
      <source>The process that checked it ended unexpectedly (exit code {code}).</source>
      <translation>负责校验的进程意外结束（退出码 {code}）。</translation>
    </message>
    <message>
      <location filename="../../gui/queueing.py" />
      <source>The queue that was kept in {path} can't be read.</source>
      <translation>保存在 {path} 的队列无法读取。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/entropy.py" />
      <source>The range whose quantized values differ least in distribution (Kullback-Leibler, as TensorRT does).</source>
      <translation>量化后分布差异最小的范围（Kullback-Leibler 散度，与 TensorRT 相同）。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/mse.py" />
      <source>The range with the least squared error between the values and their quantized ones.</source>
      <translation>原值与量化值平方误差最小的范围。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_panel.py" />
      <source>The recipe appears here: what to prune, how to fine-tune, how to quantize.</source>
      <translation>配方显示在这里：剪枝什么、如何微调、如何量化。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_designs.py" />
      <source>The recipe does not say which architecture.</source>
      <translation>配方没有说明用哪种架构。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>The recipe does so now: run it again.</source>
      <translation>配方现在已如此设置：请再次运行。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>The recipe has no budget</source>
      <translation>配方没有预算</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>The recipe has no stage {index}.</source>
      <translation>配方没有步骤 {index}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_edit.py" />
      <source>The recipe has no stage {part} to set {path}.</source>
      <translation>配方没有步骤 {part}，无法设置 {path}。</translation>
    </message>
    <message>
      <location filename="../../gui/repairs.py" />
      <source>The recipe has other stages than the run that this repair is about.</source>
      <translation>配方的步骤与这项修复所针对的运行不同。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>The recipe is nested too deeply, or refers to itself.</source>
      <translation>配方嵌套过深，或引用了自身。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>The recipe names no network.</source>
      <translation>配方没有指定网络。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>The recipe removes the channels now: run it again.</source>
      <translation>配方现在会移除通道：请再次运行。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>The recipe was edited in the window; what could not be read was replaced.</source>
      <translation>配方已在窗口中被修改；无法读取的文本已被替换。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <source>The recipe {name} has edits that are not saved.</source>
      <translation>配方 {name} 有未保存的修改。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>The run in {path} belongs to another recipe.</source>
      <translation>{path} 中的运行属于另一个配方。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>The run is stopping</source>
      <translation>运行正在停止</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>The run {path} did not come to its end; this is its network after stage {number}.</source>
      <translation>运行 {path} 没有完成；这是它在步骤 {number} 之后的网络。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>The sample: five of six weights go, the rest is fine-tuned, then everything becomes int8.</source>
      <translation>示例：剪去六分之五的权重，微调其余部分，然后全部变为 int8。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>The scan is stopping</source>
      <translation>扫描正在停止</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>The schedule ends at {end} of the training and begins at {start}.</source>
      <translation>调度在训练的 {end} 处结束，却在 {start} 处开始。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>The setting First and last layer leaves it in float</source>
      <translation>“首层与末层”的设置让它保持浮点</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>The share of each label that is spread over all classes, against overconfidence.</source>
      <translation>每个标签中平摊到所有类别的比例，防止过度自信。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>The share of the quantized training after which the ranges of activations stand still.</source>
      <translation>量化训练进行到该份额之后，激活的范围不再变化。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>The share of the quantized training after which the statistics of BatchNorm stand still.</source>
      <translation>量化训练进行到该份额之后，BatchNorm 的统计量不再变化。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_base.py" />
      <source>The share of the training after which quantization begins.</source>
      <translation>训练进行到该份额之后开始量化。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>The smallest value is {low}.</source>
      <translation>最小值为 {low}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>The source checkpoint needs weights.</source>
      <translation>来源 checkpoint 需要权重。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>The source pare needs the folder of a network that Pare saved.</source>
      <translation>来源 pare 需要 Pare 保存的网络的文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>The source python needs the file that defines the network.</source>
      <translation>来源 python 需要定义网络的文件。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>The source was changed after Pare wrote the folder; run the recipe again.</source>
      <translation>Pare 写入该文件夹后源已更改；请重新运行配方。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>The stage {kind} is not in this version of Pare.</source>
      <translation>此版本的 Pare 没有步骤 {kind}。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>The stages appear here.</source>
      <translation>步骤将显示在这里。</translation>
    </message>
    <message>
      <location filename="../../backend/engine/client.py" />
      <source>The system ended the engine (SIGKILL), most often because memory ran out.</source>
      <translation>系统结束了引擎（SIGKILL），多半是因为内存不足。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>The target of the quantize stage chooses the bits of this layer in the run.</source>
      <translation>量化步骤的目标会在运行中选择这一层的比特数。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_target.py" />
      <location filename="../../backend/pruning/_target.py" />
      <location filename="../../backend/quantization/_bit_widths.py" />
      <location filename="../../backend/sensitivity/_search.py" />
      <source>The target {target}: {figure} can't be met.</source>
      <translation>无法达到目标 {target}: {figure}。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>The teacher can't teach this network: {why}</source>
      <translation>此教师网络不能教该网络：{why}</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>The teacher is right on {teacher}% of {images} validation images, and its student on {student}% before it has learned anything.</source>
      <translation>教师网络在 {images} 张验证图像上的正确率为 {teacher}%，而学生网络尚未学习就已达到 {student}%。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teacher.py" />
      <source>The teacher is right on {teacher}% of {images} validation images, hardly more than by guessing.</source>
      <translation>教师网络在 {images} 张验证图像上的正确率为 {teacher}%，与猜测相差无几。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teaching.py" />
      <source>The teacher {name} has {outputs} outputs, and its student {classes}.</source>
      <translation>教师网络 {name} 有 {outputs} 个输出，而学生网络有 {classes} 个。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>The teacher's file is not there: {path}.</source>
      <translation>教师网络的文件不存在：{path}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_text.py" />
      <source>The text is too long for a config_list ({count:,} characters).</source>
      <translation>文本过长，不像 config_list（{count:,} 个字符）。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>The training can't be repeated while it also quantizes.</source>
      <translation>训练同时进行量化时，不能重复训练。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/histogram.py" />
      <source>The usual choice for activations: outliers hardly cost precision. A little slower than min-max.</source>
      <translation>激活的常用选择：离群值几乎不损失精度。比最小值-最大值稍慢。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/run.py" />
      <source>The value in --set {text} is not YAML.</source>
      <translation>--set {text} 中的值不是 YAML。</translation>
    </message>
    <message>
      <location filename="../../backend/network.py" />
      <source>The weights in {path} do not fit the network beside them.</source>
      <translation>{path} 中的权重与旁边的网络不匹配。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>The weights of {layer} hold NaN or infinite values.</source>
      <translation>{layer} 的权重含有 NaN 或无穷大。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>The weights were stored as {types} and are used as float32.</source>
      <translation>权重以 {types} 存储，按 float32 使用。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>The weights were taken from {key} in the file.</source>
      <translation>权重取自文件中的 {key}。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>The window follows as you type</source>
      <translation>窗口会随您的输入更新</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_tell.py" />
      <source>The zeros of {layers} are in no factor any more: what was pruned there counts as dense again.</source>
      <translation>{layers} 的零值不再存在于任何因子中：那里剪掉的权重重新按稠密计算。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Their channels meet in the operation {operation} in {where}</source>
      <translation>它们的通道在 {where} 的运算 {operation} 中相遇</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Their outputs are added up in {where}</source>
      <translation>它们的输出在 {where} 中相加</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Their outputs are joined in {where} along another dimension than their channels</source>
      <translation>它们的输出在 {where} 中沿通道以外的维度拼接</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_couplers.py" />
      <source>Their outputs are multiplied with each other in {where}</source>
      <translation>它们的输出在 {where} 中相乘</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>Theme</source>
      <translation>主题</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>There are no calibration images, so GPTQ can't measure what rounding does to the outputs.</source>
      <translation>没有校准图像，GPTQ 无法测量舍入对输出的影响。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_gradients.py" />
      <source>There are no calibration images, so the gradients of the loss can't be measured.</source>
      <translation>没有校准图像，因此无法测量损失的梯度。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>There are no calibration images, so the ranges of the activations can't be measured.</source>
      <translation>没有校准图像，无法测量激活的范围。</translation>
    </message>
    <message>
      <location filename="../../backend/training/batch_norm.py" />
      <source>There are too few training images to measure BatchNorm's statistics on.</source>
      <translation>训练图像太少，无法测量 BatchNorm 的统计量。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_batch_norm.py" />
      <source>There is no BatchNorm in this network to re-estimate.</source>
      <translation>该网络没有可重新估计的 BatchNorm。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_designs.py" />
      <source>There is no architecture called {name}.</source>
      <translation>没有名为 {name} 的架构。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_text.py" />
      <source>There is no config_list in this text.</source>
      <translation>此文本中没有 config_list。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>There is no file of masks at {path}.</source>
      <translation>{path} 处没有掩码文件。</translation>
    </message>
    <message>
      <location filename="../../gui/opening.py" />
      <location filename="../../backend/models/_file_kind.py" />
      <location filename="../../backend/recipe/_yaml.py" />
      <source>There is no file {path}.</source>
      <translation>没有文件 {path}。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <location filename="../../backend/export/_export.py" />
      <source>There is no finished run in {path}.</source>
      <translation>{path} 中没有已完成的运行。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <source>There is no layer whose amount could be found.</source>
      <translation>没有可求出比例的层。</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>There is no layer {name}</source>
      <translation>没有名为 {name} 的层</translation>
    </message>
    <message>
      <location filename="../../gui/commands/views.py" />
      <source>There is no plot in view.</source>
      <translation>当前没有图表。</translation>
    </message>
    <message>
      <location filename="../../backend/tensorboard.py" />
      <source>There is no run in {path}.</source>
      <translation>{path} 中没有运行记录。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>There is no run to resume in {path}.</source>
      <translation>{path} 中没有可继续的运行。</translation>
    </message>
    <message>
      <location filename="../../backend/paths.py" />
      <source>There is no {path}.</source>
      <translation>没有 {path}。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/session.py" />
      <source>There is nothing to go on with.</source>
      <translation>没有可以继续的内容。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_distill.py" />
      <source>There is nothing to learn from: the labels and every loss weigh 0.</source>
      <translation>没有可学习的内容：标签和每项损失的权重都是 0。</translation>
    </message>
    <message>
      <location filename="../../backend/events.py" />
      <source>There was not enough memory.</source>
      <translation>内存不足。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>These figures are of other settings: the network, the data or the method has changed since.</source>
      <translation>这些数值属于其他设置：此后网络、数据或方法已更改。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/comparison.py" />
      <source>These networks tell different classes apart, so their answers can't be set against each other.</source>
      <translation>这些网络区分的类别不同，因此无法逐一对比它们的回答。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/comparison.py" />
      <source>These networks were tested on different images, so their answers can't be set against each other.</source>
      <translation>这些网络是在不同的图像上测试的，因此无法逐一对比它们的回答。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_prepare.py" />
      <source>These parts decide in Python what to compute and are run as a whole: {parts}.</source>
      <translation>这些部分由 Python 决定计算内容，作为整体运行：{parts}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>These runs work on different networks or data, so their figures are not set against each other.</source>
      <translation>这些运行使用不同的网络或数据，因此不对它们的指标作对比。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>These values are in float: they lie on no grid.</source>
      <translation>这些值是浮点数，不在任何网格上。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_engines.py" />
      <source>This build of PyTorch has no int8 engine.</source>
      <translation>此版本的 PyTorch 没有 int8 引擎。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/runner.py" />
      <source>This computer has no {device} device.</source>
      <translation>本机没有 {device} 设备。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_prepare.py" />
      <source>This network can only be run as a whole, so the scan takes as long as running it for every point.</source>
      <translation>该网络只能整体运行，因此每个点都要运行一遍，扫描耗时较长。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>This network can't be pickled whole.</source>
      <translation>这个网络无法整体序列化。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fx/_trace.py" />
      <source>This network decides in Python what to compute, so no part of it can be written as a graph.</source>
      <translation>这个网络用 Python 决定计算内容，没有任何部分能写成计算图。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>This network has no block that can be removed whole.</source>
      <translation>该网络没有可整体移除的块。</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <location filename="../../backend/stages/quantize.py" />
      <source>This network is already quantized, so its float weights are gone.</source>
      <translation>这个网络已经量化，浮点权重已不存在。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_trace.py" />
      <source>This network is too large to find out within {seconds} s which channels depend on which.</source>
      <translation>该网络太大，无法在 {seconds} 秒内找出通道之间的依赖关系。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>This network was changed in a way that this version of Pare does not know: {kind}.</source>
      <translation>这个网络经过了此版本的 Pare 不了解的改动：{kind}。</translation>
    </message>
    <message>
      <location filename="../../backend/export/whole_module.py" />
      <source>This network was quantized for {engine}; torch.load would pack it for {loaded}, which computes otherwise.</source>
      <translation>这个网络是为 {engine} 量化的；torch.load 会按 {loaded} 打包，计算结果会不同。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>This plan</source>
      <translation>此方案</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>This processor has no {precision} arithmetic: weights are stored in 16 bits and compute in float32.</source>
      <translation>此处理器不支持 {precision} 运算：权重以 16 位存储，以 float32 计算。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>This recipe is no file yet: save it, and the command names its place.</source>
      <translation>此配方尚未存成文件：保存后，命令会写出它的位置。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>This recipe was written by a newer Pare (format {version}).</source>
      <translation>此配方由更新版本的 Pare 写成（格式 {version}）。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>This run</source>
      <translation>本次</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>This run was stopped. What its finished stages made is kept.</source>
      <translation>此运行已停止。已完成步骤的结果都已保留。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/session.py" />
      <source>This session can't be kept: {reason}.</source>
      <translation>无法保存此次会话：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>Threads</source>
      <translation>线程</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Three layers with a method of their own, then one ranking over all: the pruning tutorials' steps.</source>
      <translation>三个层各用自己的方法，然后全局统一排序：剪枝教程的步骤。</translation>
    </message>
    <message>
      <location filename="../../backend/models/lenet300.py" />
      <source>Three linear layers (300, 100 and 10 units) for 28×28 digits: 266,610 parameters.</source>
      <translation>三个线性层（300、100 和 10 个单元），用于 28×28 的数字：266,610 个参数。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/threshold.py" />
      <source>Threshold</source>
      <translation>阈值 Threshold</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/item_models/runs.py" />
      <source>Time</source>
      <translation>用时</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>Timing precisions in turn</source>
      <translation>正在轮流对各精度计时</translation>
    </message>
    <message>
      <location filename="../../backend/runner.py" />
      <source>Timing the original and the result in turns</source>
      <translation>正在轮流计时原始模型和结果</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Timing {count} engines in turn</source>
      <translation>正在轮流为 {count} 个引擎计时</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>To</source>
      <translation>止</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/gradient.py" />
      <source>To compare with criteria that weigh gradients by weights; rarely the best of them. One backward pass for each calibration batch.</source>
      <translation>用于与按权重加权梯度的准则对比；很少是其中最好的。每个校准批次做一次反向传播。</translation>
    </message>
    <message>
      <location filename="../../backend/export/safetensors.py" />
      <source>To hand weights to people who have the network's code, safely: reading it runs nothing.</source>
      <translation>用于把权重安全地交给拥有网络代码的人：读取时不会运行任何代码。</translation>
    </message>
    <message>
      <location filename="../../backend/export/encoded.py" />
      <source>To send or store a pruned or few-bit network. The network is decoded when it is read, which takes a moment.</source>
      <translation>用于发送或保存经过剪枝或低比特量化的网络。读取时需要解码，只需片刻。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>To study which sparse networks can be trained by themselves. The dearest: every round repeats the whole stage.</source>
      <translation>用于研究哪些稀疏网络可以独立训练。开销最大：每轮都要重复整个步骤。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Today, {time}</source>
      <translation>今天 {time}</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Top-1 accuracy on test images (%), higher is better</source>
      <translation>测试图像上的 Top-1 准确率（%），越高越好</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>Top-1 accuracy on validation images (%), higher is better</source>
      <translation>验证图像上的 Top-1 准确率（%），越高越好</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/panes.py" />
      <source>Trade-off</source>
      <translation>权衡</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>Trade-off of {network}</source>
      <translation>{network} 的权衡</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Train again if the training diverged, or keep the layer in float.</source>
      <translation>如果训练发散请重新训练，或让该层保持浮点。</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Training</source>
      <translation>训练</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_data.py" />
      <source>Training accuracy</source>
      <translation>训练准确率</translation>
    </message>
    <message>
      <location filename="../../backend/training/fit.py" />
      <source>Training ended early, after epoch {epoch}: accuracy on validation images was highest after {best}.</source>
      <translation>训练提前结束于第 {epoch} 轮：验证图像上的准确率在第 {best} 轮最高。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Training ends after so many epochs in which accuracy on validation images did not rise. Epochs count once nothing more is pruned and quantization has begun; of a lottery ticket, those of its last round. Empty trains all epochs.</source>
      <translation>验证图像上的准确率连续这么多轮没有上升时结束训练。不再剪枝且量化已经开始之后的轮才计入；彩票假设只计最后一轮次。留空则训练全部轮数。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>Training images are {train} and test images {test}.</source>
      <translation>训练图像是 {train}，测试图像是 {test}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Training in float16 needs CUDA, and this recipe computes on {device}.</source>
      <translation>float16 训练需要 CUDA，而这个配方在 {device} 上计算。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>Training measures the statistics of BatchNorm itself, so there is nothing to re-estimate.</source>
      <translation>训练本身会测量 BatchNorm 的统计量，因此无需重新估计。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Trains Caffe's LeNet-5 from scratch; Deep Compression begins with what this one gives.</source>
      <translation>从头训练 Caffe 的 LeNet-5；Deep Compression 从它的结果开始。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Trains LeNet-300-100 from scratch; Deep Compression begins with what this one gives.</source>
      <translation>从头训练 LeNet-300-100；Deep Compression 从它的结果开始。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Trains LeNet-5 from scratch; other templates begin with what this one gives.</source>
      <translation>从头训练 LeNet-5；其他模板从它的结果开始。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>Trains the weights that are left; pruned weights stay zero.</source>
      <translation>训练剩余的权重；已剪枝的权重保持为零。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Trains torchvision's ResNet-18 from scratch; the next template begins with it.</source>
      <translation>从头训练 torchvision 的 ResNet-18；下一个模板由此开始。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Trains, prunes, puts what is left back to its early values and trains again, three times.</source>
      <translation>训练、剪枝，把留下的权重恢复为早期的值再训练，共三次。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/lottery_ticket.py" />
      <source>Trains, prunes, puts what is left back to its early values, and trains the whole stage again.</source>
      <translation>训练、剪枝，把剩余权重恢复到早期数值，再重新训练整个步骤。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Trust</source>
      <translation>可信度</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/trust_badge.py" />
      <source>Trust: {word}</source>
      <translation>可信度：{word}</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>Try again</source>
      <translation>重试</translation>
    </message>
    <message>
      <location filename="../../backend/download.py" />
      <source>Try again, or put the file into {folder} yourself.</source>
      <translation>请重试，或自行把文件放入 {folder}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Try the sample</source>
      <translation>试用示例</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <source>Trying bits per layer</source>
      <translation>正在尝试各层的比特数</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/tucker.py" />
      <source>Tucker</source>
      <translation>Tucker</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/depthwise_separable.py" />
      <source>Turns a k×k convolution into a depthwise and a 1×1 one: about k² times fewer multiplications.</source>
      <translation>把 k×k 卷积换成一个逐通道（depthwise）卷积和一个 1×1 卷积：乘法约减少 k² 倍。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/static_int8.py" />
      <source>Tutorial: min-max, per tensor</source>
      <translation>教程：min-max，逐张量</translation>
    </message>
    <message>
      <location filename="../../backend/models/mnist_net.py" />
      <source>Two 3×3 convolutions (32 and 64 filters), two dropouts and two linear layers for 28×28 digits.</source>
      <translation>两个 3×3 卷积（32 和 64 个滤波器）、两个 dropout 和两个线性层，用于 28×28 的数字。</translation>
    </message>
    <message>
      <location filename="../../backend/models/convnet.py" />
      <source>Two convolutions (16 and 32 filters) and one linear layer, the MNIST tutorials' network.</source>
      <translation>两个卷积（16 和 32 个滤波器）和一个线性层，即 MNIST 教程的网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/simple_model.py" />
      <source>Two convolutions (16 and 8 filters) and one linear layer for 32×32 color images.</source>
      <translation>两个卷积（16 和 8 个滤波器）和一个线性层，用于 32×32 彩色图像。</translation>
    </message>
    <message>
      <location filename="../../backend/models/bn_convnet.py" />
      <source>Two convolutions (20 and 50 filters) with BatchNorm and two linear layers for 28×28 digits.</source>
      <translation>两个带 BatchNorm 的卷积（20 和 50 个滤波器）和两个线性层，用于 28×28 的数字。</translation>
    </message>
    <message>
      <location filename="../../backend/models/lenet5.py" />
      <source>Two convolutions (6 and 16 filters) and three linear layers for 28×28 digits: 44,426 parameters.</source>
      <translation>两个卷积（6 和 16 个滤波器）和三个线性层，用于 28×28 的数字：44,426 个参数。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Type</source>
      <translation>类型</translation>
    </message>
    <message>
      <location filename="../../gui/panels/model_panel.py" />
      <source>Type of layer</source>
      <translation>层的类型</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>Unfold the budget</source>
      <translation>展开预算</translation>
    </message>
    <message>
      <location filename="../../gui/forms/target.py" />
      <location filename="../../gui/panels/budget_editor.py" />
      <location filename="../../backend/pruning/_units.py" />
      <source>Unit</source>
      <translation>单位</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/trust_badge.py" />
      <source>Unknown</source>
      <translation>未知</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Unknown key {key}.</source>
      <translation>未知的键 {key}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Unpack it and open the .pth or .safetensors file inside.</source>
      <translation>请解压并打开其中的 .pth 或 .safetensors 文件。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/files.py" />
      <source>Unsaved recipe</source>
      <translation>配方未保存</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_controls.py" />
      <source>Up</source>
      <translation>纵轴</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>Update Pare, or run the recipe again.</source>
      <translation>请更新 Pare，或重新运行配方。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Update Pare, or save the recipe in the older format {format} there.</source>
      <translation>请更新 Pare，或在那里把配方保存为较旧的格式 {format}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>Update Pare.</source>
      <translation>请更新 Pare。</translation>
    </message>
    <message>
      <location filename="../../backend/events.py" />
      <source>Use a smaller batch size, or close other programs.</source>
      <translation>请使用较小的批大小，或关闭其他程序。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>Use all images</source>
      <translation>使用所有图像</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Use at most this many images of each part.</source>
      <translation>每个部分最多使用这么多图像。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Use bfloat16</source>
      <translation>使用 bfloat16</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>Use in the budget</source>
      <translation>用于预算</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>Use pairs</source>
      <translation>使用配对</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Use static int8</source>
      <translation>改用静态 int8</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>Use the engine auto</source>
      <translation>使用引擎 auto</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Use the processor</source>
      <translation>使用处理器</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>Use the same class folders for training and test.</source>
      <translation>训练和测试请使用相同的类别文件夹。</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/stages/train.py" />
      <source>Use the usual rate</source>
      <translation>使用通常的学习率</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Use this data</source>
      <translation>使用此数据</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Use with my network</source>
      <translation>用于我的网络</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_decomposer.py" />
      <source>Use {method}</source>
      <translation>使用 {method}</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Used by SGD alone.</source>
      <translation>仅用于 SGD。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>Used by the engine when it starts the next time.</source>
      <translation>引擎下次启动时生效。</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/search_box.py" />
      <source>Used last</source>
      <translation>最近使用</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>Validation</source>
      <translation>验证</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/plots/run_data.py" />
      <location filename="../../gui/tradeoff_text.py" />
      <source>Validation accuracy</source>
      <translation>验证准确率</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/data_dialog.py" />
      <source>Validation and calibration images are cut from the training part; the test part is only reported.</source>
      <translation>验证和校准图像从训练部分划出；测试部分只用于报告。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/layer.py" />
      <source>Validation images the blocks are ranked on.</source>
      <translation>用于给块排序的验证图像数。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>Values</source>
      <translation>数值</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>Values that are counted</source>
      <translation>统计的数值</translation>
    </message>
    <message>
      <location filename="../../gui/menus.py" />
      <source>View</source>
      <translation>视图</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>View the file</source>
      <translation>查看文件</translation>
    </message>
    <message>
      <location filename="../../gui/commands/runs.py" />
      <source>Wait until the run is finished</source>
      <translation>请等待运行完成</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <source>Waiting</source>
      <translation>等待中</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>Waiting for the engine</source>
      <translation>正在等待引擎</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>Waiting for your permission to run a Python file</source>
      <translation>等待您许可运行 Python 文件</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>Waits until the run has ended</source>
      <translation>等待运行结束</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Warm-up</source>
      <translation>预热</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>Warning</source>
      <translation>警告</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <location filename="../../gui/plots/mask_plot.py" />
      <location filename="../../backend/training/distillation/_base.py" />
      <source>Weight</source>
      <translation>权重</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>Weight decay</source>
      <translation>权重衰减</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Weight range</source>
      <translation>权重范围</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>Weight scales</source>
      <translation>权重缩放</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>Weight-only</source>
      <translation>仅权重 Weight-only</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../gui/dialogs/template_dialog.py" />
      <location filename="../../gui/panels/weights_histogram.py" />
      <location filename="../../gui/panes.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Weights</source>
      <translation>权重</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>Weights ({patterns})</source>
      <translation>权重 ({patterns})</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/static_int8.py" />
      <source>Weights and activations compute in int8, with ranges measured on calibration images.</source>
      <translation>权重和激活以 int8 计算，范围由校准图像测得。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Weights and activations in 4 bits with learned step sizes; the original network teaches.</source>
      <translation>4 位权重和激活，步长由学习得到；由原始模型蒸馏。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Weights and biases, before and after</source>
      <translation>权重和偏置，前后对比</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>Weights and biases; an arrow where the run left fewer</source>
      <translation>权重与偏置；运行后减少的带箭头</translation>
    </message>
    <message>
      <location filename="../../backend/export/state_dict.py" />
      <source>Weights by name (.pth), for load_state_dict. The network's code must be at hand to use it.</source>
      <translation>按名称保存的权重（.pth），供 load_state_dict 使用。使用时须有网络的代码。</translation>
    </message>
    <message>
      <location filename="../../backend/export/safetensors.py" />
      <source>Weights by name (.safetensors), opened in no time and free of code. Int8 weights stay int8.</source>
      <translation>按名称保存的权重（.safetensors），打开极快且不含代码。int8 权重保持 int8。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>Weights in 2 to 8 bits, Q = round(R/S) + Z for each group; a smaller file at the speed of float32.</source>
      <translation>权重为 2 到 8 比特，每组 Q = round(R/S) + Z；文件更小，速度与 float32 相同。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>Weights in 2 to 8 bits, rounded so that outputs change least; a smaller file at the speed of float32.</source>
      <translation>权重为 2 到 8 比特，舍入时使输出变化最小；文件更小，速度与 float32 相同。</translation>
    </message>
    <message>
      <location filename="../../gui/template_texts.py" />
      <source>Weights in four bits, rounded so that outputs change least.</source>
      <translation>四位权重，舍入使输出变化最小。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>Weights of {layer}</source>
      <translation>{layer} 的权重</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dorefa.py" />
      <source>Weights squeezed by tanh and inputs clamped to 0 … 1, at 1 to 8 bits each. Inputs that are negative or above 1 are cut, so it suits networks with bounded activations. Computes in float32, so latency does not fall.</source>
      <translation>权重经 tanh 压缩，输入截断到 0 … 1，各 1 到 8 比特。负的或大于 1 的输入会被截去，因此适合激活有界的网络。以 float32 计算，因此延迟不会降低。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>Weights that share a scale: so many neighbors in a row, or a whole row (an output channel).</source>
      <translation>共用缩放系数的权重：一行中相邻的若干个，或整行（一个输出通道）。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>Weights, the inputs of their layers, or both.</source>
      <translation>权重、其所在层的输入，或两者。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>What became of the answer</source>
      <translation>回答的变化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>What is compared</source>
      <translation>对比内容</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_controls.py" />
      <source>What is drawn, table, picture, data</source>
      <translation>绘制内容、表格、图片、数据</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_panel.py" />
      <source>What is shown of the layer</source>
      <translation>显示该层的内容</translation>
    </message>
    <message>
      <location filename="../../gui/panels/problems_panel.py" />
      <source>What is wrong with the recipe, and why a run failed, is listed here with a way to repair it.</source>
      <translation>配方的错误和运行失败的原因列在这里，并附修复办法。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/_calls.py" />
      <source>What it takes is not the output of a layer alone</source>
      <translation>它的输入不只是某一层的输出</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>What means something else here</source>
      <translation>在这里含义不同的部分</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>What of a layer is rounded. An int8 kernel needs all; with less, the layer computes in float with rounded values.</source>
      <translation>舍入层的哪些部分。int8 内核需要全部；否则该层用舍入后的值以浮点计算。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>What the color says</source>
      <translation>颜色的含义</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>What the label's part is multiplied by.</source>
      <translation>标签部分的乘数。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/_training.py" />
      <source>What the labels' part of the loss is multiplied by.</source>
      <translation>损失中标签部分所乘的系数。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/confusion_table.py" />
      <source>What the network answers</source>
      <translation>网络的回答</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>What the other classes' part is multiplied by.</source>
      <translation>其他类别部分的乘数。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_columns.py" />
      <source>What the recipe does: bold where it is set here, dim where it is inherited</source>
      <translation>配方的安排：粗体为在此设置，淡色为继承</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>What the result may cost. A percentage is of the original network.</source>
      <translation>结果允许的上限。百分比相对于原始模型。</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/palette_list.py" />
      <source>What the search finds</source>
      <translation>搜索结果</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_base.py" />
      <source>What this part of the loss is multiplied by.</source>
      <translation>此部分损失的乘数。</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_search.py" />
      <source>What this recipe makes of the latency is known after a run alone.</source>
      <translation>此配方的延迟只有运行后才可知。</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/_calls.py" />
      <source>What {layer} before it computes is used elsewhere, too</source>
      <translation>它之前的 {layer} 的计算结果还用于别处</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/percentile.py" />
      <source>When a few outliers would stretch the range of everything else. About as fast as the histogram.</source>
      <translation>当少数离群值会拉宽整个范围时使用。速度与直方图相近。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/movement.py" />
      <source>When a pretrained network is fine-tuned on a new task and much is pruned. Works while weights move, so it costs a training.</source>
      <translation>在新任务上微调预训练网络且剪枝很多时使用。它在权重变化时工作，因此需要一次训练。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/mse.py" />
      <source>When accuracy counts most: it tries many ranges and keeps the best. The slowest, still seconds.</source>
      <translation>当准确率最重要时使用：它尝试多个范围并保留最好的。最慢，但仍只需几秒。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/hessian.py" />
      <source>When accuracy matters more than time: it knows the curvature of the loss. Each calibration image is differentiated by itself.</source>
      <translation>当准确率比时间更重要时使用：它了解损失的曲率。每张校准图像都要单独求导。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/float16.py" />
      <source>When half the size is enough and accuracy must stay. Takes a moment and needs no data.</source>
      <translation>当大小减半已足够且准确率必须保持时使用。瞬间完成，不需要数据。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bfloat16.py" />
      <source>When half the size is enough and values may be large. Takes a moment and needs no data.</source>
      <translation>当大小减半已足够且数值可能很大时使用。瞬间完成，不需要数据。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/while_training.py" />
      <source>When it is not yet clear what can go: a wrong choice heals in the next epoch. Costs one ranking an epoch.</source>
      <translation>当还不清楚哪些可以剪除时使用：错误的选择会在下一轮恢复。每轮排序一次。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adadelta.py" />
      <source>When no learning rate is known; 1 leaves its steps as they are. Two more numbers for each weight.</source>
      <translation>当不清楚学习率时使用；1 表示不改变其步长。每个权重多存两个数。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adam.py" />
      <source>When nobody knows the right learning rate, or training starts from scratch. Keeps two more numbers for each weight.</source>
      <translation>当不清楚合适的学习率，或从头训练时使用。每个权重多存两个数。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/observers/min_max.py" />
      <source>When nothing may be clipped, and values have no outliers. The fastest.</source>
      <translation>当不允许裁剪任何值且没有离群值时使用。最快。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/schedules/iterative.py" />
      <source>When pruning at once costs too much accuracy. As many rounds as there are steps, in the same training time.</source>
      <translation>当一次性剪枝损失过多准确率时使用。有多少步就有多少轮剪枝，训练时间不变。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>When static int8 costs too much accuracy. The same speed in the end, for some epochs of training.</source>
      <translation>当静态 int8 损失过多准确率时使用。最终速度相同，但需要训练几轮。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>When the masks were found by another tool, or in an earlier run. Costs nothing to compute.</source>
      <translation>当掩码来自其他工具或先前的运行时使用。无需计算。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/two_of_four.py" />
      <source>When the network will run on NVIDIA's sparse tensor cores. Half of the weights go; fine-tuning usually wins back the accuracy.</source>
      <translation>当网络将在 NVIDIA 稀疏张量核心上运行时使用。一半权重被剪除；微调通常能挽回准确率。</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/method_help.py" />
      <source>When to use it</source>
      <translation>何时使用</translation>
    </message>
    <message>
      <location filename="../../backend/training/schedulers/exponential.py" />
      <source>When training shall slow down early: its second half trains with less than a tenth of the rate.</source>
      <translation>当训练应当较早放慢时使用：后一半以不到十分之一的学习率训练。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/threshold.py" />
      <source>When weights below a known size do not count, as after training with a penalty. The amount can't be chosen.</source>
      <translation>当小于某个已知值的权重无关紧要时使用，例如带惩罚项训练之后。无法指定比例。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/radam.py" />
      <source>Where Adam needs a warm-up: it brings its own. Two more numbers for each weight.</source>
      <translation>适用于 Adam 需要预热的场合：它自带预热。每个权重多存两个数。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/nadam.py" />
      <source>Where Adam works, to come down somewhat faster. Two more numbers for each weight.</source>
      <translation>适用于 Adam 有效的场合，下降稍快。每个权重多存两个数。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Where channels are removed, no zeros stay: sparsity follows from the stage.</source>
      <translation>移除通道后不会留下零：稀疏度由该步骤决定。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/attention_transfer.py" />
      <source>Where in an image the student's layers are active becomes where the teacher's are; widths may differ.</source>
      <translation>让学生网络的层在图像中激活的位置与教师网络一致；宽度可以不同。</translation>
    </message>
    <message>
      <location filename="../../backend/training/optimizers/adamax.py" />
      <source>Where single large gradients upset Adam. Two more numbers for each weight.</source>
      <translation>适用于个别很大的梯度会干扰 Adam 的场合。每个权重多存两个数。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/feature_mse.py" />
      <source>Where student and teacher are built alike, as after pruning. The error grows with the size of the features: choose the weight by the parts of the loss. Each batch also runs through the teacher.</source>
      <translation>用于学生网络与教师网络结构相似时，例如剪枝之后。误差随特征的大小而增大：请根据损失的各部分选择权重。每个批次也要经过教师网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>Where the file was made, save only the weights: {code}.</source>
      <translation>请在生成该文件的地方只保存权重：{code}。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/dynamic_layerwise.py" />
      <source>Where the teacher has more layers than the student and nobody knows which belong together. Costs a regressor for every layer that is compared.</source>
      <translation>用于教师网络的层比学生网络多、且不清楚层间对应关系时。每个参与比较的层都需要一个回归器。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/decoupled.py" />
      <source>Where the teacher is so sure that soft targets say little more than the labels. Beta decides: the paper takes 8 for CIFAR-100 and 0.5 for ImageNet. Costs what soft targets do.</source>
      <translation>用于教师网络过于确定、软目标几乎只相当于标签时。关键在于 Beta：论文在 CIFAR-100 上取 8，在 ImageNet 上取 0.5。开销与软目标相同。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>Which run the cards show</source>
      <translation>卡片显示哪次运行</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <location filename="../../backend/pruning/schedules/while_training.py" />
      <source>While training</source>
      <translation>训练期间</translation>
    </message>
    <message>
      <location filename="../../gui/panels/during_card.py" />
      <source>While training: {stage}</source>
      <translation>训练期间：{stage}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/layer.py" />
      <source>Whole blocks</source>
      <translation>整个块 Whole blocks</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>Width</source>
      <translation>宽度</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>Width {width}, depth {depth} of {name}: {left} of {all} parameters.</source>
      <translation>{name} 的宽度 {width}、深度 {depth}：{all} 个参数中的 {left} 个。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>With its new layers the network computes something else: its outputs differ by {error}, of {scale} at most.</source>
      <translation>换上新层后，网络的计算结果不同：输出相差 {error}，而输出最大为 {scale}。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>With its new layers the network gives outputs of another shape.</source>
      <translation>换上新层后，网络输出的形状不同。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_target.py" />
      <location filename="../../backend/sensitivity/_search.py" />
      <source>With one unit left in every layer that may be pruned it is {least}; allow more layers.</source>
      <translation>每个可剪枝的层只剩一个单元时为 {least}；请允许更多的层。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>With settings</source>
      <translation>带设置</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <source>With the fewest bits in every layer it is {reached}.</source>
      <translation>每层都取最少比特时为 {reached}。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/lamp.py" />
      <source>With the global scope and high sparsity, where plain magnitudes would empty whole layers. Needs no data.</source>
      <translation>配合全局范围和高稀疏度使用，此时单纯按幅值会清空整个层。不需要数据。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_bit_widths.py" />
      <source>With the most bits in every layer it is {reached}.</source>
      <translation>每层都取最多比特时为 {reached}。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/_target.py" />
      <source>With the smallest ranks everywhere it is {least}; decompose more layers.</source>
      <translation>所有层都取最小的秩时为 {least}；请分解更多层。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <source>Within</source>
      <translation>在内</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <location filename="../../gui/plots/tradeoff_plot.py" />
      <source>Within budget</source>
      <translation>符合预算</translation>
    </message>
    <message>
      <location filename="../../gui/plots/tradeoff_plot.py" />
      <source>Within budget on these axes</source>
      <translation>在这两轴上符合预算</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>Within each layer LAMP prunes the same weights as L1.</source>
      <translation>在单个层内，LAMP 剪掉的权重与 L1 相同。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>Without its channels the network computes something else than with them silent: its outputs differ by {error}, of {scale} at most.</source>
      <translation>移除通道后，网络的计算结果与通道静默时不同：输出相差 {error}，而输出最大为 {scale}。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_verify.py" />
      <source>Without one of its channels the network gives other results</source>
      <translation>缺少它的一个通道时网络给出不同的结果</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>Worked out from the recipe; what is joined with the layer is not looked at.</source>
      <translation>按配方推算；未考虑与该层合并的部分。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_note.py" />
      <source>Working out the amounts…</source>
      <translation>正在计算比例…</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>Write 1 for weights to keep and 0 for weights to prune.</source>
      <translation>保留的权重写 1，剪去的写 0。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>Write TensorBoard events</source>
      <translation>写入 TensorBoard 事件</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write a list of numbers, like [0.5, 0.5, 0.5].</source>
      <translation>请写数值列表，例如 [0.5, 0.5, 0.5]。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write a number above 0.</source>
      <translation>请写大于 0 的数字。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write a number.</source>
      <translation>请写一个数值。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write a text.</source>
      <translation>请写文本。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write a whole number.</source>
      <translation>请写一个整数。</translation>
    </message>
    <message>
      <location filename="../../backend/cli/sensitivity.py" />
      <source>Write it like --amounts 0.1,0.3,0.5</source>
      <translation>请写成 --amounts 0.1,0.3,0.5</translation>
    </message>
    <message>
      <location filename="../../backend/cli/run.py" />
      <source>Write it like --set stages.0.prune.amount=0.7</source>
      <translation>请写成 --set stages.0.prune.amount=0.7 的形式</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write its {key} and its settings, like {{{key}: …}}.</source>
      <translation>请写出它的 {key} 和设置，例如 {{{key}: …}}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Write keep, or settings like {{amount: 0.3}}.</source>
      <translation>请写 keep，或类似 {{amount: 0.3}} 的设置。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write keys and values, like {{key: value}}.</source>
      <translation>请写键和值，例如 {{key: value}}。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write keys and values, like {{{key}: …}}.</source>
      <translation>请写成键和值，例如 {{{key}: …}}。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write layer: layer, one pair a line.</source>
      <translation>请写成“层: 层”，每行一对。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Write limits, like {{size: 0.3, accuracy_drop: 0.5}}.</source>
      <translation>请写成上限，例如 {{size: 0.3, accuracy_drop: 0.5}}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_meant.py" />
      <source>Write method: {method} with {settings}.</source>
      <translation>请写 method: {method}，并设置 {settings}。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write one figure, like {{{key}: 0.25}}.</source>
      <translation>请写一个数值，例如 {{{key}: 0.25}}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Write one key: value a line.</source>
      <translation>每行写一个 键: 值。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>Write pare: {version}.</source>
      <translation>请写 pare: {version}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>Write the values out instead.</source>
      <translation>请直接写出各值。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>Write true or false.</source>
      <translation>请写 true 或 false。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/tucker.py" />
      <source>Writes a convolution as a 1×1 into fewer channels, the kernel on those, and a 1×1 back.</source>
      <translation>把一个卷积写成变为较少通道的 1×1 卷积、在这些通道上的原尺寸卷积核，以及一个变回来的 1×1 卷积。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/cp.py" />
      <source>Writes a convolution as a 1×1, a column and a row of one kernel a channel each, and a 1×1 back.</source>
      <translation>把一个卷积写成一个 1×1 卷积、每个通道各一个核的一列和一行，以及一个变回来的 1×1 卷积。</translation>
    </message>
    <message>
      <location filename="../../backend/decomposition/svd.py" />
      <source>Writes a linear layer or a 1×1 convolution as two of low rank, by the singular value decomposition.</source>
      <translation>用奇异值分解把线性层或 1×1 卷积写成两个低秩层。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/settings_dialog.py" />
      <source>Writes an event file for each run, in its folder.</source>
      <translation>为每次运行在其文件夹中写入事件文件。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/decompose.py" />
      <source>Writes layers as several smaller ones that follow each other, of low rank.</source>
      <translation>把层写成依次相接的几个更小的低秩层。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/codebook.py" />
      <source>Writing codebooks</source>
      <translation>正在写出码本</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>Writing {format}</source>
      <translation>正在写入 {format}</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/recipe_text_dialog.py" />
      <source>YAML</source>
      <translation>YAML</translation>
    </message>
    <message>
      <location filename="../../gui/panels/welcome_panel.py" />
      <source>Yesterday</source>
      <translation>昨天</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <source>You have a template called {name} already.</source>
      <translation>您已有名为 {name} 的模板。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>Yours</source>
      <translation>您的</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Zero</source>
      <translation>零点</translation>
    </message>
    <message>
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>Zero point Z</source>
      <translation>零点 Z</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_table.py" />
      <source>Zero point Z: the integer that stands for 0</source>
      <translation>零点 Z：代表 0 的整数</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/plots/channel_plot.py" />
      <source>Zeros</source>
      <translation>零</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>about {time} on two cores</source>
      <translation>两个核心上约 {time}</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>accuracy</source>
      <translation>准确率</translation>
    </message>
    <message>
      <location filename="../../backend/stages/quantize.py" />
      <source>accuracy_drop</source>
      <translation>准确率下降</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>activations</source>
      <translation>激活</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/_rounding.py" />
      <source>affine</source>
      <translation>仿射 affine</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>after the last stage</source>
      <translation>最后一步之后</translation>
    </message>
    <message>
      <location filename="../../gui/plots/picture_key.py" />
      <source>all kept</source>
      <translation>全部保留</translation>
    </message>
    <message>
      <location filename="../../gui/forms/pairs.py" />
      <source>and {count} more</source>
      <translation>以及另外 {count} 个</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>and {count} more in the layer tree</source>
      <translation>其余 {count} 条见层树</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>at most {points} pt lost</source>
      <translation>最多损失 {points} 个百分点</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>at {batch}: {gain}</source>
      <translation>批 {batch} {gain}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <location filename="../../backend/quantization/_int8.py" />
      <source>auto</source>
      <translation>自动 auto</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <location filename="../../backend/replacement/pooling.py" />
      <source>average</source>
      <translation>平均</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>average pooling</source>
      <translation>平均池化</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>averaged to {shape}</source>
      <translation>平均到 {shape}</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>batch {batch}</source>
      <translation>批 {batch}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/changed_images.py" />
      <source>became right</source>
      <translation>变对</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/changed_images.py" />
      <source>became wrong</source>
      <translation>变错</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <source>before training</source>
      <translation>训练前</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/compare_delegate.py" />
      <location filename="../../gui/item_models/compare_table.py" />
      <source>best</source>
      <translation>最佳</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/bfloat16.py" />
      <source>bfloat16</source>
      <translation>bfloat16</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>both</source>
      <translation>两者</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>bundled</source>
      <translation>内置</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>by target</source>
      <translation>按目标</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_units.py" />
      <source>channel</source>
      <translation>通道</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>checkpoint</source>
      <translation>检查点</translation>
    </message>
    <message>
      <location filename="../../gui/panels/compare_panel.py" />
      <source>compared with</source>
      <translation>对比</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>computed</source>
      <translation>计算得出</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_main.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>cpu</source>
      <translation>CPU</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_main.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>cuda</source>
      <translation>CUDA</translation>
    </message>
    <message>
      <location filename="../../gui/network_text.py" />
      <source>depth {value}</source>
      <translation>深度 {value}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>during must be a list.</source>
      <translation>during 必须是列表。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <location filename="../../gui/panels/weights_histogram.py" />
      <location filename="../../gui/widgets/metric_card.py" />
      <source>estimated</source>
      <translation>估算</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>every layer</source>
      <translation>所有层</translation>
    </message>
    <message>
      <location filename="../../gui/scan_state.py" />
      <source>exact</source>
      <translation>无误差</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>failed after {time}</source>
      <translation>{time} 后失败</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>fbgemm</source>
      <translation>fbgemm</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>figures after stage {number} of {count}</source>
      <translation>第 {number}/{count} 步之后的数值</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>figures follow after the first stage</source>
      <translation>第一步之后显示数值</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>finished in {time}</source>
      <translation>用时 {time}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <location filename="../../backend/quantization/lsq.py" />
      <source>float</source>
      <translation>浮点</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/float16.py" />
      <source>float16</source>
      <translation>float16</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>float32</source>
      <translation>float32</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <source>from layer shapes</source>
      <translation>由层形状推算</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>global</source>
      <translation>全局</translation>
    </message>
    <message>
      <location filename="../../gui/compare/layers.py" />
      <location filename="../../gui/item_models/compare_delegate.py" />
      <location filename="../../gui/item_models/layer_cells.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <source>gone</source>
      <translation>已移除</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_half.py" />
      <source>half</source>
      <translation>半精度</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/consent_dialog.py" />
      <source>if the content changes</source>
      <translation>内容改变时</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/ln_structured.py" />
      <source>inf</source>
      <translation>inf</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>input</source>
      <translation>输入</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>input_output</source>
      <translation>输入和输出</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>input_weight</source>
      <translation>输入和权重</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>int4</source>
      <translation>int4</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>int8</source>
      <translation>int8</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>integer</source>
      <translation>整数 integer</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>latency</source>
      <translation>延迟</translation>
    </message>
    <message>
      <location filename="../../backend/stages/prune.py" />
      <source>local</source>
      <translation>局部</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>maps</source>
      <translation>特征图</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <location filename="../../backend/replacement/pooling.py" />
      <source>max</source>
      <translation>最大</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>max pooling</source>
      <translation>最大池化</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>meanwhile: {summary}</source>
      <translation>同时：{summary}</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <location filename="../../gui/widgets/metric_card.py" />
      <source>measured</source>
      <translation>实测</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>measured in different runs</source>
      <translation>在不同的运行中实测</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>measured in turns with the original</source>
      <translation>与原始模型轮流实测</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>measuring the original network</source>
      <translation>正在测量原始网络</translation>
    </message>
    <message>
      <location filename="../../gui/precisions.py" />
      <source>mixed</source>
      <translation>混合</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_main.py" />
      <location filename="../../backend/recipe/_check.py" />
      <source>mps</source>
      <translation>MPS</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>ms</source>
      <translation>ms</translation>
    </message>
    <message>
      <location filename="../../gui/compare/cells.py" />
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>no change</source>
      <translation>无变化</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>no scale is known</source>
      <translation>缩放系数未知</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>no weight is zero</source>
      <translation>没有为零的权重</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>none is pruned, {share} are zero</source>
      <translation>没有剪枝，{share} 为零</translation>
    </message>
    <message>
      <location filename="../../gui/plots/picture_key.py" />
      <source>none kept</source>
      <translation>全部剪枝</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/weight_only.py" />
      <source>normal_float</source>
      <translation>正态浮点 NormalFloat</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>not set</source>
      <translation>未设置</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_pairs.py" />
      <source>nothing</source>
      <translation>无</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>of the original weights</source>
      <translation>占原始权重的比例</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_histogram.py" />
      <source>of the run</source>
      <translation>来自运行</translation>
    </message>
    <message>
      <location filename="../../gui/budget_text.py" />
      <source>of ≤ {value}</source>
      <translation>/ ≤ {value}</translation>
    </message>
    <message>
      <location filename="../../gui/budget_text.py" />
      <source>of ≥ {value}</source>
      <translation>/ ≥ {value}</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <source>on disk</source>
      <translation>磁盘占用</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <location filename="../../gui/comparison.py" />
      <source>on test images</source>
      <translation>在测试图像上</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>one scale for the whole layer</source>
      <translation>整层共用一个缩放系数</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>onednn</source>
      <translation>onednn</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>ordered by L2 norm</source>
      <translation>按 L2 范数排序</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>output</source>
      <translation>输出</translation>
    </message>
    <message>
      <location filename="../../gui/plots/mask_plot.py" />
      <source>output {output}, input {input}</source>
      <translation>输出 {output}，输入 {input}</translation>
    </message>
    <message>
      <location filename="../../gui/plots/mask_plot.py" />
      <source>outputs {first} to {last}, inputs {begin} to {end}</source>
      <translation>输出 {first} 到 {last}，输入 {begin} 到 {end}</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../gui/target_text.py" />
      <source>parameters</source>
      <translation>参数量</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>pare</source>
      <translation>Pare</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>pare: {version} is no version of a recipe.</source>
      <translation>pare: {version} 不是配方的版本。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>per_channel</source>
      <translation>逐通道</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>per_tensor</source>
      <translation>逐张量</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>pt at most</source>
      <translation>个百分点以内</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>python</source>
      <translation>Python</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>qat_int8 has 8 bits; lsq takes the bits of the config_list and learns the step sizes as well.</source>
      <translation>qat_int8 只有 8 位；lsq 采用 config_list 的位数，并同时学习步长。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>qnnpack</source>
      <translation>qnnpack</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>regressor {before} → {after}</source>
      <translation>回归器 {before} → {after}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>round_to says how many channels stay, and without remove all of them do.</source>
      <translation>round_to 规定保留多少通道，而没有 remove 时全部保留。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_rounding.py" />
      <source>row</source>
      <translation>整行</translation>
    </message>
    <message>
      <location filename="../../backend/export/safetensors.py" />
      <source>safetensors</source>
      <translation>safetensors</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <location filename="../../backend/quantization/lsq.py" />
      <source>same</source>
      <translation>相同</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>scale: the mean of the channel's groups of weights</source>
      <translation>缩放系数：该通道各权重组的均值</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>scales estimated from the recipe</source>
      <translation>缩放系数由配方估算</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>sequences</source>
      <translation>序列</translation>
    </message>
    <message>
      <location filename="../../gui/panels/error_chart.py" />
      <source>signal to quantization noise of its output, in dB; lowest: {layer}, {sqnr}</source>
      <translation>输出的信号与量化噪声之比（dB）；最低：{layer}，{sqnr}</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <location filename="../../backend/stages/quantize.py" />
      <source>size</source>
      <translation>大小</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>sparsity</source>
      <translation>稀疏度</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>stages must be a list.</source>
      <translation>stages 必须是列表。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>start says when quantization begins within a training, and here nothing trains.</source>
      <translation>start 表示训练中何时开始量化，而这里没有训练。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>std can't be {value}.</source>
      <translation>std 不能是 {value}。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/changed_images.py" />
      <source>still wrong</source>
      <translation>仍然错误</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>stopped after {time}; the network is as it was</source>
      <translation>{time} 后停止；网络保持原样</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <location filename="../../backend/quantization/_rounding.py" />
      <source>symmetric</source>
      <translation>对称 symmetric</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>the grid of output channel {number}; each has its own</source>
      <translation>输出通道 {number} 的网格；每个通道各有其网格</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>the grid of the first group of weights; each has its own</source>
      <translation>此为第一组权重的网格；每组各有其网格</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>the grid of the first output channel; each has its own</source>
      <translation>此为第一个输出通道的网格；每个通道各有其网格</translation>
    </message>
    <message>
      <location filename="../../gui/plots/saving.py" />
      <source>the picture could not be written</source>
      <translation>图片无法写入</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>the student</source>
      <translation>学生网络</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>the teacher</source>
      <translation>教师网络</translation>
    </message>
    <message>
      <location filename="../../gui/panels/answers_view.py" />
      <source>to</source>
      <translation>到</translation>
    </message>
    <message>
      <location filename="../../gui/plots/run_plots.py" />
      <source>top-1, %</source>
      <translation>Top-1（%）</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>torch can't compute it: {error}</source>
      <translation>torch 无法计算它：{error}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>torch can't compute this network in {precision} on this device.</source>
      <translation>torch 在此设备上无法以 {precision} 计算这个网络。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fx/_refusing.py" />
      <source>torch can't put this network on int8 kernels: {words}.</source>
      <translation>torch 无法让这个网络在 int8 内核上运行：{words}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/dynamic_int8.py" />
      <source>torch has no int8 kernel for it</source>
      <translation>torch 没有它的 int8 内核</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>torch has no int8 kernel for it here</source>
      <translation>torch 在这里没有它的 int8 内核</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>torchvision</source>
      <translation>torchvision</translation>
    </message>
    <message>
      <location filename="../../backend/models/_pretrained.py" />
      <source>torchvision has no weights {weights} for {name}, and there is no such file.</source>
      <translation>torchvision 没有 {name} 的权重 {weights}，也没有这样的文件。</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>torchvision's best (DEFAULT)</source>
      <translation>torchvision 的最佳权重（DEFAULT）</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/model_dialog.py" />
      <source>torchvision's weights are those of the whole network</source>
      <translation>torchvision 的权重属于完整的网络</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <location filename="../../gui/item_models/changed_images.py" />
      <source>unchanged</source>
      <translation>不变</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>unknown share</source>
      <translation>占比未知</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>vectors</source>
      <translation>向量</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>vs the original</source>
      <translation>与原始模型相比</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>waiting for the engine</source>
      <translation>正在等待引擎</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_units.py" />
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>weight</source>
      <translation>权重</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_units.py" />
      <source>weight removes single weights, channel whole channels.</source>
      <translation>“权重”移除单个权重，“通道”移除整个通道。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/qat_int8.py" />
      <source>weight_output</source>
      <translation>权重和输出</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_fake.py" />
      <source>weights</source>
      <translation>权重</translation>
    </message>
    <message>
      <location filename="../../gui/network_text.py" />
      <source>width {value}</source>
      <translation>宽度 {value}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_int8.py" />
      <source>x86</source>
      <translation>x86</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>zeros of the weights left</source>
      <translation>剩余权重中零的占比</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>{accuracy}% · {size}</source>
      <translation>{accuracy}% · {size}</translation>
    </message>
    <message>
      <location filename="../../gui/actions.py" />
      <source>{action} ({keys})</source>
      <translation>{action}（{keys}）</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_equalize.py" />
      <source>{activation} after it is not positively homogeneous</source>
      <translation>其后的 {activation} 不是正齐次的</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>{amount} is no share of a layer.</source>
      <translation>{amount} 不是层的份额。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>{amount} of blocks</source>
      <translation>{amount} 的块</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>{amount} {method}</source>
      <translation>{amount} {method}</translation>
    </message>
    <message>
      <location filename="../../gui/scan_state.py" />
      <source>{amount}: {accuracy} ({change}), SQNR {sqnr}</source>
      <translation>{amount}：{accuracy}（{change}），SQNR {sqnr}</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/method_help.py" />
      <source>{authors}, “{title}”, {year}</source>
      <translation>{authors}，“{title}”，{year}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/answers_delegates.py" />
      <location filename="../../gui/item_models/layer_table.py" />
      <source>{before} → {after}</source>
      <translation>{before} → {after}</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <location filename="../../gui/panels/weights_view.py" />
      <source>{before} → {shape}</source>
      <translation>{before} → {shape}</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>{block} was removed from this network, but its source has no such block.</source>
      <translation>{block} 已从该网络移除，但其来源没有这个块。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>{change} ({count})</source>
      <translation>{change}（{count}）</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{count} chosen layer</source>
      <translation>{count} 个所选层</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{count} chosen layers</source>
      <translation>{count} 个所选层</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>{count} different plans</source>
      <translation>{count} 种不同的方案</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} dot outside the view</source>
      <translation>{count} 个点在视图之外</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} dots outside the view</source>
      <translation>{count} 个点在视图之外</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{count} epoch</source>
      <translation>{count} 轮</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{count} epochs</source>
      <translation>{count} 轮</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>{count} file written</source>
      <translation>已写入 {count} 个文件</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/export_dialog.py" />
      <source>{count} files written</source>
      <translation>已写入 {count} 个文件</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <source>{count} layer</source>
      <translation>{count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>{count} layer matches</source>
      <translation>{count} 层符合</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>{count} layer selected</source>
      <translation>已选 {count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>{count} layer · {parameters} parameters · {macs}</source>
      <translation>{count} 层 · {parameters} 个参数 · {macs}</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/held_line.py" />
      <source>{count} layer, {parameters} parameters, {size}</source>
      <translation>{count} 层，{parameters} 个参数，{size}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <location filename="../../gui/panels/layer_menu.py" />
      <source>{count} layers</source>
      <translation>{count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_bars.py" />
      <source>{count} layers match</source>
      <translation>{count} 层符合</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>{count} layers selected</source>
      <translation>已选 {count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>{count} layers · {parameters} parameters · {macs}</source>
      <translation>{count} 层 · {parameters} 个参数 · {macs}</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/held_line.py" />
      <source>{count} layers, {parameters} parameters, {size}</source>
      <translation>{count} 层，{parameters} 个参数，{size}</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{count} level</source>
      <translation>{count} 个级别</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{count} levels</source>
      <translation>{count} 个级别</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/panels/weights_mask.py" />
      <source>{count} more matrices are not shown</source>
      <translation>另有 {count} 个矩阵未显示</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <location filename="../../gui/panels/weights_mask.py" />
      <source>{count} more matrix is not shown</source>
      <translation>另有 {count} 个矩阵未显示</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>{count} of {classes} classes have no training image.</source>
      <translation>{classes} 个类别中有 {count} 个没有训练图像。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/changed_gallery.py" />
      <source>{count} of {images} answers changed: {wrong} became wrong, {right} became right, {other} still wrong</source>
      <translation>{images} 个回答中有 {count} 个发生变化：{wrong} 个变错，{right} 个变对，{other} 个仍然错误</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>{count} other in gray</source>
      <translation>其他 {count} 层显示为灰色</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>{count} others in gray</source>
      <translation>其他 {count} 层显示为灰色</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>{count} output channel</source>
      <translation>{count} 个输出通道</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>{count} output channels</source>
      <translation>{count} 个输出通道</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>{count} parameter</source>
      <translation>{count} 个参数</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>{count} parameters</source>
      <translation>{count} 个参数</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>{count} pictures of {height}×{width} need more than 8 GB of memory.</source>
      <translation>{count} 张 {height}×{width} 的图片需要超过 8 GB 内存。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>{count} problem</source>
      <translation>{count} 个问题</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>{count} problems</source>
      <translation>{count} 个问题</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>{count} recipe follows this run</source>
      <translation>此次运行之后还有 {count} 个配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>{count} recipe is waiting</source>
      <translation>{count} 个配方在等待</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <location filename="../../gui/panes.py" />
      <source>{count} recipes are waiting</source>
      <translation>{count} 个配方在等待</translation>
    </message>
    <message>
      <location filename="../../gui/panels/queue_panel.py" />
      <source>{count} recipes follow this run</source>
      <translation>此次运行之后还有 {count} 个配方</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>{count} removed channel leaves a gap</source>
      <translation>{count} 个已移除的通道留空</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>{count} removed channels leave gaps</source>
      <translation>{count} 个已移除的通道留空</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>{count} rounds are more than Pare's schedule takes.</source>
      <translation>{count} 轮次超过了 Pare 日程的上限。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} run of another network or other data is left out</source>
      <translation>另有 {count} 次运行属于其他网络或数据，未列入</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} run was timed in another runtime, with other threads or batch</source>
      <translation>{count} 次运行的计时使用了其他运行时、线程数或批大小</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} run · all measured</source>
      <translation>{count} 次运行 · 均为实测</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} runs of other networks or data are left out</source>
      <translation>另有 {count} 次运行属于其他网络或数据，未列入</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} runs were timed in another runtime, with other threads or batch</source>
      <translation>{count} 次运行的计时使用了其他运行时、线程数或批大小</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{count} runs · all measured</source>
      <translation>{count} 次运行 · 均为实测</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>{count} stage, read for {algorithm}</source>
      <translation>{count} 个步骤，按 {algorithm} 读取</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{count} stage: {names}</source>
      <translation>{count} 个步骤：{names}</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>{count} stages, read for {algorithm}</source>
      <translation>{count} 个步骤，按 {algorithm} 读取</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{count} stages: {names}</source>
      <translation>{count} 个步骤：{names}</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{count} step was measured on validation images only</source>
      <translation>{count} 个步骤点仅在验证图像上测量</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{count} step was not timed</source>
      <translation>{count} 个步骤点未计时</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{count} step without {measure}</source>
      <translation>{count} 个步骤点没有{measure}</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{count} steps were measured on validation images only</source>
      <translation>{count} 个步骤点仅在验证图像上测量</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{count} steps were not timed</source>
      <translation>{count} 个步骤点未计时</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{count} steps without {measure}</source>
      <translation>{count} 个步骤点没有{measure}</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{count} test image</source>
      <translation>{count} 张测试图像</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{count} test images</source>
      <translation>{count} 张测试图像</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{count} weights, {shape}</source>
      <translation>{count} 个权重，{shape}</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{count} weights, {shape}, {precision}</source>
      <translation>{count} 个权重，{shape}，{precision}</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>{data}; comes with Pare</source>
      <translation>{data}；随 Pare 提供</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/template_dialog.py" />
      <source>{data}; its place is asked for</source>
      <translation>{data}；会询问其位置</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>{engine} is made for ARM: on this processor it is slower than float32.</source>
      <translation>{engine} 是为 ARM 设计的：在此处理器上比 float32 慢。</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{epochs} · {optimizer}</source>
      <translation>{epochs} · {optimizer}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{epochs} · {optimizer} · prunes and quantizes meanwhile</source>
      <translation>{epochs} · {optimizer} · 同时剪枝和量化</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{epochs} · {optimizer} · prunes meanwhile</source>
      <translation>{epochs} · {optimizer} · 同时剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{epochs} · {optimizer} · quantizes meanwhile</source>
      <translation>{epochs} · {optimizer} · 同时量化</translation>
    </message>
    <message>
      <location filename="../../gui/opening.py" />
      <source>{file} defines no class.</source>
      <translation>{file} 没有定义类。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/problems.py" />
      <source>{file} defines several classes. Which one is the network?</source>
      <translation>{file} 定义了多个类。哪一个是网络？</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>{file} was recognized as {name}.</source>
      <translation>{file} 被识别为 {name}。</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>{first} and {second}</source>
      <translation>{first}与{second}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>{first} → {second}</source>
      <translation>{first} → {second}</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>{format} checked on {count} images</source>
      <translation>{format} 已用 {count} 张图像校验</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>{format} was written but did not pass its check.</source>
      <translation>{format} 已写入，但没有通过校验。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>{function} in {path} did not return two data sets.</source>
      <translation>{path} 中的 {function} 没有返回两个数据集。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_idx.py" />
      <source>{images} and {labels} do not hold images and their labels.</source>
      <translation>{images} 和 {labels} 不是图像及其标签。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_meant.py" />
      <source>{key} belongs to {methods}.</source>
      <translation>{key} 属于 {methods}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_meant.py" />
      <source>{key} belongs to {methods}; a rule may name its own method.</source>
      <translation>{key} 属于 {methods}；规则可以指定自己的方法。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>{key} can't differ from layer to layer.</source>
      <translation>{key} 不能逐层不同。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>{key} compares other figures in NNI; choose an amount.</source>
      <translation>{key} 在 NNI 中比较的是其他数值；请选择一个比例。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>{key} counts steps; set Start, a share of the training, in its place.</source>
      <translation>{key} 按步数计；请改用“开始”，即训练的比例。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>{key} has no counterpart in Pare and is left out.</source>
      <translation>{key} 在 Pare 中没有对应项，已略去。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>{key} helps where weights share a scale, and {method} has none.</source>
      <translation>{key} 在权重共用缩放系数时有帮助，而 {method} 没有缩放系数。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni.py" />
      <source>{key} is not needed: with Remove, Pare finds what depends on what.</source>
      <translation>不需要 {key}：启用“移除”后，Pare 会自行找出依赖关系。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>{key} makes a smaller version of an architecture, and the source {source} says itself what the network is made of.</source>
      <translation>{key} 用于得到架构的较小版本，而来源 {source} 已经决定了网络的构成。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>{key} repairs what rounding did to weights that rest; weights that train adapt to it by themselves.</source>
      <translation>{key} 修正的是静止权重因舍入产生的误差；训练中的权重会自行适应。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>{kind} is no kind of stage.</source>
      <translation>{kind} 不是步骤的类型。</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/changed_images.py" />
      <source>{label}: {before} → {after}, {change}</source>
      <translation>{label}：{before} → {after}，{change}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>{layers} have more than {most} inputs, too many for GPTQ; the weights are rounded to the nearest level.</source>
      <translation>{layers} 的输入超过 {most} 个，对 GPTQ 来说过多；权重舍入到最近的级别。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>{layers} · now {plans}</source>
      <translation>{layers} · 现为 {plans}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>{layers} · one rule for {pattern}</source>
      <translation>{layers} · {pattern} 的一条规则</translation>
    </message>
    <message>
      <location filename="../../backend/replacement/_calls.py" />
      <source>{layer} before it runs more than once</source>
      <translation>它之前的 {layer} 运行多次</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/remedy.py" />
      <source>{layer} costs {points} points; kept in float, the file grows by {percent}%.</source>
      <translation>{layer} 损失 {points} 个百分点；若保持浮点，文件增大 {percent}%。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_calibrate.py" />
      <source>{layer} gives NaN or infinite values on the calibration images.</source>
      <translation>{layer} 在校准图像上产生 NaN 或无穷大。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>{layer} gives values on the calibration images that {precision} can't hold: its largest is {largest}.</source>
      <translation>{layer} 在校准图像上产生 {precision} 无法容纳的值：最大为 {largest}。</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>{layer} gives {shape}, and {method} compares {kinds}.</source>
      <translation>{layer} 的输出为 {shape}，而 {method} 比较的是{kinds}。</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_plain.py" />
      <source>{layer} has casts at its borders, which a pickle can't hold without Pare.</source>
      <translation>{layer} 的边界有类型转换，没有 Pare 时 pickle 无法保存。</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>{layer} has no output to compare: it does not run by itself.</source>
      <translation>{layer} 没有可比较的输出：它不会单独运行。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/histogram.py" />
      <location filename="../../backend/evaluation/layer_weight.py" />
      <source>{layer} has no weights to show.</source>
      <translation>{layer} 没有可显示的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/layer_weight.py" />
      <source>{layer} has one number for each channel, and no channels of weights.</source>
      <translation>{layer} 的每个通道只有一个数，没有权重通道。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>{layer} in it has a method of its own</source>
      <translation>其中的 {layer} 有自己的方法</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>{layer} in it is kept</source>
      <translation>其中的 {layer} 保持不变</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/gptq.py" />
      <source>{layer} is given NaN or infinite values on the calibration images.</source>
      <translation>{layer} 在校准图像上收到 NaN 或无穷大。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>{layer} of {network} has no output to compare: it does not run by itself.</source>
      <translation>{network}的 {layer} 没有可比较的输出：它本身不参与运算。</translation>
    </message>
    <message>
      <location filename="../../gui/scan_state.py" />
      <source>{layer} pruned alone</source>
      <translation>单独对 {layer} 剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/scan_state.py" />
      <source>{layer} pruned together with {others}</source>
      <translation>{layer} 与 {others} 一起剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/pairs_dialog.py" />
      <source>{layer} · {shape}</source>
      <translation>{layer} · {shape}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>{layer} · {type}</source>
      <translation>{layer} · {type}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>{layer} · {type} · weight {shape}</source>
      <translation>{layer} · {type} · 权重 {shape}</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>{layer}, which it would go into, is kept</source>
      <translation>它要并入的 {layer} 被保留</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>{layer}, {type}</source>
      <translation>{layer}，{type}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>{layer}, {type}, folded</source>
      <translation>{layer}，{type}，已折叠</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>{layer}, {type}, unfolded</source>
      <translation>{layer}，{type}，已展开</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>{layer}: {before} → {after} parameters</source>
      <translation>{layer}：{before} → {after} 个参数</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/nni_dialog.py" />
      <source>{layer}: {rule}</source>
      <translation>{layer}：{rule}</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{levels}, 1 in {step} drawn</source>
      <translation>{levels}，每 {step} 个画一个</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{levels}, grid of channel {number}</source>
      <translation>{levels}，通道 {number} 的网格</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{levels}, grid of the first channel</source>
      <translation>{levels}，第一个通道的网格</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{levels}, grid of the first group</source>
      <translation>{levels}，第一组的网格</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_search.py" />
      <source>{limit} of the original is not known, so no share of it can be.</source>
      <translation>原始模型的 {limit} 未知，因此无法按其比例设定。</translation>
    </message>
    <message>
      <location filename="../../gui/budget_text.py" />
      <source>{limit} over by {value}</source>
      <translation>超出 {value}（{limit}）</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <source>{limit}: {value} {allowed} · {verdict}</source>
      <translation>{limit}：{value} {allowed} · {verdict}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/recipe_pairs.py" />
      <source>{line}, differs</source>
      <translation>{line}，有差异</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>{loss} can't compare {student} ({own}) with {teacher} ({wanted}).</source>
      <translation>{loss} 不能比较 {student}（{own}）与 {teacher}（{wanted}）。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>{loss} compares a layer with one of the teacher's, and {layer} stands with {count}.</source>
      <translation>{loss} 将一层与教师网络的一层比较，而 {layer} 对应了 {count} 层。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_teaching.py" />
      <source>{loss} compares probabilities of classes, and this data has none.</source>
      <translation>{loss} 比较的是类别的概率，而此数据没有类别。</translation>
    </message>
    <message>
      <location filename="../../backend/training/distillation/_pairing.py" />
      <source>{loss} found no two layers to compare: the student's give {student}, the teacher's {teacher}.</source>
      <translation>{loss} 没有找到可以比较的两层：学生网络的输出为 {student}，教师网络的为 {teacher}。</translation>
    </message>
    <message>
      <location filename="../../gui/plots/channel_plot.py" />
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>{low} to {high}</source>
      <translation>{low} 到 {high}</translation>
    </message>
    <message>
      <location filename="../../gui/compare/figures.py" />
      <source>{low}–{high} ms</source>
      <translation>{low}–{high} ms</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <location filename="../../gui/target_text.py" />
      <source>{macs} MACs</source>
      <translation>{macs} MACs</translation>
    </message>
    <message>
      <location filename="../../gui/plots/channel_plot.py" />
      <source>{mean} ± {std}</source>
      <translation>{mean} ± {std}</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>{methods} finds no layer to replace in this network.</source>
      <translation>{methods} 在此网络中找不到可以替换的层。</translation>
    </message>
    <message>
      <location filename="../../backend/stages/replace.py" />
      <source>{methods} finds no layer to replace in this network. Reason: {reason}.</source>
      <translation>{methods} 在此网络中找不到可以替换的层。原因：{reason}。</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>{method} by target</source>
      <translation>{method} 按目标</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>{method} does not apply to {layer}.</source>
      <translation>{method} 不适用于 {layer}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>{method} does not learn, so it has no place in a training.</source>
      <translation>{method} 不在训练中学习，因此不能放在训练里。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{method} has no fixed grid for these values.</source>
      <translation>{method} 对这些值没有固定的网格。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>{method} has no zero among its values, so channels that are to be removed go on counting.</source>
      <translation>{method} 的取值中没有零，因此要移除的通道仍会起作用。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{method} learns the grid of these values: the run shows it.</source>
      <translation>{method} 会学习这些值的网格：运行之后可见。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>{method} learns what to prune while weights move, and here they rest.</source>
      <translation>{method} 在权重变动时学习剪什么，而这里权重不动。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>{method} learns what to prune, and at the start of the training it has seen nothing.</source>
      <translation>{method} 要学习剪什么，而训练开始时它还什么都没看到。</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{method} leaves activations in float.</source>
      <translation>{method} 让激活保持浮点。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>{method} prunes single weights, and only whole channels can be removed.</source>
      <translation>{method} 剪除单个权重，而只有整个通道才能移除。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_removal.py" />
      <source>{method} prunes single weights, and only whole channels can go</source>
      <translation>{method} 剪除单个权重，而只有整个通道才能移除</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>{method} r {ranks}</source>
      <translation>{method} r {ranks}</translation>
    </message>
    <message>
      <location filename="../../backend/sensitivity/_recipe.py" />
      <source>{method} ranks only while the network is trained; the scan ranks by {other}.</source>
      <translation>{method} 只在网络训练时排序；扫描改用 {other} 排序。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>{method} removes whole blocks at once, not while weights move.</source>
      <translation>{method} 一次移除整个块，不能在权重变动时进行。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_quantize.py" />
      <source>{method} takes {least} to 8 bits, so {bits} became {taken}.</source>
      <translation>{method} 支持 {least} 到 8 位，因此 {bits} 改为 {taken}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_quantize.py" />
      <source>{method} trains the network while it quantizes, and nothing trains in a quantize stage by itself.</source>
      <translation>{method} 在量化的同时训练网络，而单独的量化步骤中没有任何训练。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <source>{method} {amount}</source>
      <translation>{method} {amount}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/quantize_menu.py" />
      <source>{method} {preset}</source>
      <translation>{method} {preset}</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>{method} {share}</source>
      <translation>{method} {share}</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>{method} {share} energy</source>
      <translation>{method} 保留 {share} 能量</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · global {amount}</source>
      <translation>{method} · 全局 {amount}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>{method} · measured on {count} validation image</source>
      <translation>{method} · 在 {count} 张验证图像上实测</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>{method} · measured on {count} validation images</source>
      <translation>{method} · 在 {count} 张验证图像上实测</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>{method} · on {able} of {count}</source>
      <translation>{method} · {count} 层中的 {able} 层</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · removes {amount}</source>
      <translation>{method} · 移除 {amount}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · removes {amount} in all</source>
      <translation>{method} · 共移除 {amount}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · {amount} of each layer</source>
      <translation>{method} · 每层 {amount}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>{method} · {count} layer so far</source>
      <translation>{method} · 已完成 {count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/panels/sensitivity_panel.py" />
      <source>{method} · {count} layers so far</source>
      <translation>{method} · 已完成 {count} 层</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · {low} to {high}, each layer its own</source>
      <translation>{method} · 逐层 {low} 至 {high}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · {observer} observer</source>
      <translation>{method} · {observer}观察器</translation>
    </message>
    <message>
      <location filename="../../gui/precisions.py" />
      <source>{method} · {precision}</source>
      <translation>{method} · {precision}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{method} · {target}</source>
      <translation>{method} · {target}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/quantize_menu.py" />
      <location filename="../../gui/precisions.py" />
      <source>{method}, {bits} bits</source>
      <translation>{method}，{bits} 比特</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_menu.py" />
      <location filename="../../gui/panels/rewrite_menu.py" />
      <source>{method}…</source>
      <translation>{method}…</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_select.py" />
      <source>{names} has no weights that Pare prunes or quantizes.</source>
      <translation>{names} 没有 Pare 可剪枝或量化的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/download.py" />
      <source>{name} arrived damaged: its checksum is not the published one.</source>
      <translation>{name} 下载后已损坏：其校验和与公布的不符。</translation>
    </message>
    <message>
      <location filename="../../backend/download.py" />
      <source>{name} can't be downloaded: there is no connection to its server.</source>
      <translation>无法下载 {name}：连接不到其服务器。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <source>{name} can't be the name of a file.</source>
      <translation>{name} 不能用作文件名。</translation>
    </message>
    <message>
      <location filename="../../backend/description.py" />
      <source>{name} can't be {value}.</source>
      <translation>{name} 不能是 {value}。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/templates.py" />
      <location filename="../../gui/panels/runs_panel.py" />
      <source>{name} could not be moved to the bin.</source>
      <translation>无法把 {name} 移到回收站。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/layer_latency.py" />
      <source>{name} could not be run on an input of {shape}.</source>
      <translation>{name} 无法在形状为 {shape} 的输入上运行。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>{name} does not take inputs of {shape}.</source>
      <translation>{name} 不接受 {shape} 的输入。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_designs.py" />
      <source>{name} does not take these arguments: {problem}.</source>
      <translation>{name} 不接受这些参数：{problem}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_student.py" />
      <source>{name} has no block that can be left out, so it can't be made shallower.</source>
      <translation>{name} 没有可以省去的块，因此无法变浅。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_check.py" />
      <source>{name} has {count} values, but the images have {channels} channels.</source>
      <translation>{name} 有 {count} 个值，而图像有 {channels} 个通道。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>{name} has {outputs} outputs and the data {classes} classes; the others can only be mistakes.</source>
      <translation>{name} 有 {outputs} 个输出，而数据有 {classes} 个类别；多出的只会是错误。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>{name} has {outputs} outputs, but the data has {classes} classes.</source>
      <translation>{name} 有 {outputs} 个输出，但数据有 {classes} 个类别。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>{name} in {path} makes an object of type {type}, not a network.</source>
      <translation>{path} 中的 {name} 生成的是 {type} 类型的对象，不是网络。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_cifar.py" />
      <source>{name} is cut off or damaged.</source>
      <translation>{name} 不完整或已损坏。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_cifar.py" />
      <source>{name} is not CIFAR's: it would run {code} when opened.</source>
      <translation>{name} 不是 CIFAR 的文件：打开时会运行 {code}。</translation>
    </message>
    <message>
      <location filename="../../backend/export/encoded.py" />
      <source>{name} is of the type {type}, which the encoded file does not hold.</source>
      <translation>{name} 的类型为 {type}，编码文件不支持。</translation>
    </message>
    <message>
      <location filename="../../backend/removal/_analyze.py" />
      <source>{name} is quantized, and channels can't be removed from low-precision weights.</source>
      <translation>{name} 已量化，无法从低精度权重中移除通道。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>{name} returns an object of type {type} instead of a tensor.</source>
      <translation>{name} 返回的是 {type} 类型的对象，不是张量。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_shapes.py" />
      <source>{name} seems to end in a ReLU: no output is below 0, and {share}% of those tried are exactly 0. What is cut off has no gradient, so such classes are hardly learned; leave the last ReLU out of its forward.</source>
      <translation>{name} 似乎以 ReLU 结尾：没有任何输出小于 0，试算的输出中有 {share}% 恰好为 0。被截断的部分没有梯度，这些类别几乎学不到；请在其 forward 中去掉最后的 ReLU。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>{name} takes no num_classes.</source>
      <translation>{name} 不接受 num_classes。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/nested.py" />
      <location filename="../../gui/panels/quantize_menu.py" />
      <location filename="../../gui/plots/run_data.py" />
      <location filename="../../gui/stage_text.py" />
      <source>{name} {value}</source>
      <translation>{name} {value}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>{name}: {count} image</source>
      <translation>{name}：{count} 张图像</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/confusion.py" />
      <source>{name}: {count} images</source>
      <translation>{name}：{count} 张图像</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/metric_card.py" />
      <source>{name}: {old} → {new} {unit} {gain} ({tag}, {source})</source>
      <translation>{name}：{old} → {new} {unit} {gain}（{tag}，{source}）</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>{name}: {value} ({gain})</source>
      <translation>{name}：{value}（{gain}）</translation>
    </message>
    <message>
      <location filename="../../gui/main_window.py" />
      <source>{name}[*] – Pare</source>
      <translation>{name}[*] – Pare</translation>
    </message>
    <message>
      <location filename="../../gui/commands/teaching.py" />
      <source>{network}, as it was opened</source>
      <translation>{network}（打开时的样子）</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>{number} · {stage}</source>
      <translation>{number} · {stage}</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>{number} · {stage}: {setting}</source>
      <translation>{number} · {stage}：{setting}</translation>
    </message>
    <message>
      <location filename="../../gui/compare/cells.py" />
      <location filename="../../gui/item_models/confusion.py" />
      <source>{number}%</source>
      <translation>{number}%</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tradeoff_card.py" />
      <source>{old} → {new}</source>
      <translation>{old} → {new}</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{old} → {new} ms, {gain} ({how})</source>
      <translation>{old} → {new} ms，{gain}（{how}）</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>{optimizer} usually learns at a rate of {usual}; {rate} is far from that.</source>
      <translation>{optimizer} 通常的学习率为 {usual}；{rate} 相差很大。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense_decompose.py" />
      <source>{other} goes with {rank}, which is not given.</source>
      <translation>{other} 要与 {rank} 一起使用，而后者没有给出。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/live_panel.py" />
      <source>{outlook}, about {time} on two cores</source>
      <translation>{outlook}，在双核上约 {time}</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>{parameters} parameters</source>
      <translation>{parameters} 个参数</translation>
    </message>
    <message>
      <location filename="../../gui/panes.py" />
      <source>{parameters} parameters · {macs}</source>
      <translation>{parameters} 个参数 · {macs}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/tree_footer.py" />
      <source>{parameters} parameters · {share} of MACs</source>
      <translation>{parameters} 参数 · 占 MACs {share}</translation>
    </message>
    <message>
      <location filename="../../backend/quantization/_cast.py" />
      <source>{part} computes with it, and stays in float</source>
      <translation>{part} 用它计算，并保持浮点</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>{path} can't be read as an archive of arrays (.npz).</source>
      <translation>无法把 {path} 作为数组压缩包（.npz）读取。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>{path} does not fit {name}: {fits} of {total} names fit; missing: {missing}; too many: {unexpected}; of another shape: {misshaped}.</source>
      <translation>{path} 与 {name} 不匹配：{total} 个名称中有 {fits} 个吻合；缺少：{missing}；多余：{unexpected}；形状不同：{misshaped}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_folders.py" />
      <source>{path} does not hold {names}.</source>
      <translation>{path} 中没有 {names}。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>{path} failed on line {line}: {problem}.</source>
      <translation>{path} 第 {line} 行出错：{problem}。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>{path} failed: {problem}.</source>
      <translation>{path} 出错：{problem}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>{path} fits no architecture that Pare knows. The closest is {name}: {fits} of {total} names fit; missing: {missing}; too many: {unexpected}; of another shape: {misshaped}.</source>
      <translation>{path} 与 Pare 已知的架构都不匹配。最接近的是 {name}：{total} 个名称中有 {fits} 个吻合；缺少：{missing}；多余：{unexpected}；形状不同：{misshaped}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_match.py" />
      <source>{path} fits no architecture that Pare knows; its first name is {key}.</source>
      <translation>{path} 与 Pare 已知的架构都不匹配；它的第一个名称是 {key}。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>{path} has no {what} called {name}.</source>
      <translation>{path} 没有名为 {name} 的{what}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>{path} has the class {name}, which has no training pictures.</source>
      <translation>{path} 有类别 {name}，但没有它的训练图片。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} holds a whole Python object that would run {names} when opened, so Pare does not open it.</source>
      <translation>{path} 含有完整的 Python 对象，打开时会运行 {names}，因此 Pare 不打开它。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>{path} holds an object of type {type} instead of named weights.</source>
      <translation>{path} 含有 {type} 类型的对象，而不是带名称的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>{path} holds no folders, so there are no classes.</source>
      <translation>{path} 中没有文件夹，因此没有类别。</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/custom_mask.py" />
      <source>{path} holds no masks that Pare can read.</source>
      <translation>{path} 中没有 Pare 能读取的掩码。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>{path} holds no network that Pare saved.</source>
      <translation>{path} 中没有 Pare 保存的网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>{path} holds no weights; its keys are {keys}.</source>
      <translation>{path} 中没有权重；它的键是 {keys}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>{path} holds pickled objects, which Pare doesn't run.</source>
      <translation>{path} 含有 pickle 对象，Pare 不会运行它们。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>{path} holds test pictures but no folder train.</source>
      <translation>{path} 有测试图片，但没有文件夹 train。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_checkpoint.py" />
      <source>{path} holds weights that are quantized already, {key} for one.</source>
      <translation>{path} 含有已量化的权重，例如 {key}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a Keras or HDF5 file, and Pare opens PyTorch networks.</source>
      <translation>{path} 是 Keras 或 HDF5 文件，而 Pare 打开的是 PyTorch 网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a NumPy array, not a network's weights.</source>
      <translation>{path} 是 NumPy 数组，不是网络的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a Python pickle that torch.save did not write; Pare does not run pickles.</source>
      <translation>{path} 不是由 torch.save 写成的 Python pickle；Pare 不运行 pickle。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a TorchScript program, which holds code and no layers to change.</source>
      <translation>{path} 是 TorchScript 程序，它含有代码，没有可改动的层。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a ZIP archive that holds no checkpoint.</source>
      <translation>{path} 是不含检查点的 ZIP 压缩包。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a compressed archive.</source>
      <translation>{path} 是压缩包。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/image_folder.py" />
      <source>{path} is a file, not a folder of pictures.</source>
      <translation>{path} 是文件，不是图片文件夹。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a folder, not a checkpoint.</source>
      <translation>{path} 是文件夹，不是检查点。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a placeholder of Git LFS; the weights were never fetched.</source>
      <translation>{path} 是 Git LFS 的占位文件；权重从未下载。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>{path} is a single array (.npy), not an archive of arrays.</source>
      <translation>{path} 是单个数组（.npy），不是数组压缩包。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a text, not a checkpoint.</source>
      <translation>{path} 是文本，不是检查点。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a web page, not a checkpoint.</source>
      <translation>{path} 是网页，不是检查点。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is a {kind} file, which PyTorch can't train.</source>
      <translation>{path} 是 {kind} 文件，PyTorch 无法训练。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is an ONNX file: Pare writes such files and checks them, but what it shall prune, train or quantize must be a PyTorch network.</source>
      <translation>{path} 是 ONNX 文件：Pare 能写出并检查这种文件，但要剪枝、训练或量化，必须是 PyTorch 网络。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is an archive of NumPy arrays, not a network's weights.</source>
      <translation>{path} 是 NumPy 数组的压缩包，不是网络的权重。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is an exported program (.pt2), which may run code when it is opened.</source>
      <translation>{path} 是导出的程序（.pt2），打开时可能运行代码。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_idx.py" />
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is cut off or damaged.</source>
      <translation>{path} 不完整或已损坏。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_export.py" />
      <location filename="../../backend/models/_reopen.py" />
      <location filename="../../backend/models/_trust.py" />
      <source>{path} is damaged.</source>
      <translation>{path} 已损坏。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is empty (0 bytes).</source>
      <translation>{path} 是空的（0 字节）。</translation>
    </message>
    <message>
      <location filename="../../backend/evaluation/predictions.py" />
      <source>{path} is no checkpoint of this run.</source>
      <translation>{path} 不是此运行的检查点。</translation>
    </message>
    <message>
      <location filename="../../backend/export/_base.py" />
      <source>{path} is no longer the file that Pare wrote.</source>
      <translation>{path} 已不是 Pare 写入的文件。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_file_kind.py" />
      <source>{path} is not a checkpoint, whatever its name says.</source>
      <translation>{path} 不是检查点，无论名称如何。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_yaml.py" />
      <source>{path} is not a recipe: it is not a text in UTF-8.</source>
      <translation>{path} 不是配方：它不是 UTF-8 文本。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_idx.py" />
      <source>{path} is not one of the original files: it does not begin like an idx file.</source>
      <translation>{path} 不是原始文件之一：开头不像 idx 文件。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>{path} is not valid Python on line {line}: {problem}.</source>
      <translation>{path} 第 {line} 行不是有效的 Python：{problem}。</translation>
    </message>
    <message>
      <location filename="../../backend/python_file.py" />
      <source>{path} is open, but no {what} of it was named.</source>
      <translation>{path} 已打开，但没有指定其中的{what}。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/_arrays.py" />
      <source>{path} lacks {missing}; it holds {present}.</source>
      <translation>{path} 缺少 {missing}；它含有 {present}。</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_edit.py" />
      <source>{path} names a list, not a value.</source>
      <translation>{path} 指向列表，不是值。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>{path} returned an object of type {type}, not a data set.</source>
      <translation>{path} 返回的是 {type} 类型的对象，不是数据集。</translation>
    </message>
    <message>
      <location filename="../../backend/datasets/python.py" />
      <source>{path} returned images of different shapes, {one} and {other}.</source>
      <translation>{path} 返回的图像形状不同：{one} 和 {other}。</translation>
    </message>
    <message>
      <location filename="../../backend/models/_reopen.py" />
      <source>{path} was written by a newer Pare (format {version}).</source>
      <translation>{path} 由更新版本的 Pare 写成（格式 {version}）。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_card.py" />
      <source>{percent}%</source>
      <translation>{percent}%</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{percent}% faster</source>
      <translation>加速 {percent}%</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{percent}% fewer</source>
      <translation>减少 {percent}%</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{percent}% larger</source>
      <translation>增大 {percent}%</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{percent}% more</source>
      <translation>增加 {percent}%</translation>
    </message>
    <message>
      <location filename="../../backend/pruning/_blocks.py" />
      <source>{percent}% of {total} blocks is less than one, so none is removed: {blocks}.</source>
      <translation>{total} 个块的 {percent}% 不足一个，因此没有移除：{blocks}。</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{percent}% slower</source>
      <translation>变慢 {percent}%</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{percent}% smaller</source>
      <translation>缩小 {percent}%</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_check.py" />
      <source>{place} must hold keys and values.</source>
      <translation>{place} 必须包含键和值。</translation>
    </message>
    <message>
      <location filename="../../gui/plots/mask_plot.py" />
      <source>{place}, weight {number} of its kernel</source>
      <translation>{place}，卷积核的第 {number} 个权重</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>{plan} ({count})</source>
      <translation>{plan}（{count}）</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{precision} weights, on disk</source>
      <translation>{precision} 权重，磁盘占用</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_plans.py" />
      <source>{precision} while training</source>
      <translation>训练中 {precision}</translation>
    </message>
    <message>
      <location filename="../../gui/precisions.py" />
      <source>{precision} · scale S = {scale}, zero point Z = {zero_point}
R = S · (Q − Z)</source>
      <translation>{precision} · 缩放系数 S = {scale}，零点 Z = {zero_point}
R = S · (Q − Z)</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{precision}: {levels}</source>
      <translation>{precision}：{levels}</translation>
    </message>
    <message>
      <location filename="../../backend/cli/_main.py" />
      <source>{problem}.</source>
      <translation>{problem}。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>{pruned} pruned, {zero} more are zero</source>
      <translation>{pruned} 已剪枝，另有 {zero} 为零</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{ratio}× faster</source>
      <translation>加速 {ratio} 倍</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{ratio}× fewer</source>
      <translation>减少至 1/{ratio}</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{ratio}× larger</source>
      <translation>增大至 {ratio} 倍</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{ratio}× more</source>
      <translation>增加至 {ratio} 倍</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{ratio}× slower</source>
      <translation>变慢至 {ratio} 倍</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{ratio}× smaller</source>
      <translation>缩小 {ratio} 倍</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{runtime}, {count} thread, batch {batch}</source>
      <translation>{runtime}，{count} 线程，批 {batch}</translation>
    </message>
    <message>
      <location filename="../../gui/comparison.py" />
      <source>{runtime}, {count} threads, batch {batch}</source>
      <translation>{runtime}，{count} 线程，批 {batch}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>{run} failed after {time}</source>
      <translation>{run} 在 {time} 后失败</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>{run} finished in {time}</source>
      <translation>{run} 用时 {time} 完成</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>{run} is still running, and {count} recipe is waiting.</source>
      <translation>{run} 仍在运行，另有 {count} 个配方在等待。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>{run} is still running, and {count} recipes are waiting.</source>
      <translation>{run} 仍在运行，另有 {count} 个配方在等待。</translation>
    </message>
    <message>
      <location filename="../../gui/commands/closing.py" />
      <source>{run} is still running.</source>
      <translation>{run} 仍在进行中。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>{run} is within budget</source>
      <translation>{run} 在预算内</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>{run} stopped after {time}</source>
      <translation>{run} 在 {time} 后停止</translation>
    </message>
    <message>
      <location filename="../../gui/main_window.py" />
      <source>{run} · running</source>
      <translation>{run} · 进行中</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <source>{run} · step {number}</source>
      <translation>{run} · 第 {number} 步</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <source>{run} · {stage}</source>
      <translation>{run} · {stage}</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <source>{run}, after {stage}</source>
      <translation>{run}，{stage}之后</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <source>{run}, {stage}, step {number}</source>
      <translation>{run}，{stage}，第 {number} 步</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>{run}: over</source>
      <translation>{run}：超出</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>{run}: within</source>
      <translation>{run}：在内</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_panel.py" />
      <source>{run}: {reason}</source>
      <translation>{run}：{reason}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_sense.py" />
      <source>{schedule} repeats the whole training, so nothing else can act in it.</source>
      <translation>{schedule} 会重复整个训练，因此其中不能有其他项。</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>{seconds} s</source>
      <translation>{seconds} 秒</translation>
    </message>
    <message>
      <location filename="../../gui/compare/stages.py" />
      <source>{section}: {setting}</source>
      <translation>{section}：{setting}</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{shape} from {count} calibration image</source>
      <translation>{shape}，来自 {count} 张校准图像</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{shape} from {count} calibration image, after the run</source>
      <translation>{shape}，来自 {count} 张校准图像，运行之后</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{shape} from {count} calibration images</source>
      <translation>{shape}，来自 {count} 张校准图像</translation>
    </message>
    <message>
      <location filename="../../gui/histogram_text.py" />
      <source>{shape} from {count} calibration images, after the run</source>
      <translation>{shape}，来自 {count} 张校准图像，运行之后</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>{share} are zero</source>
      <translation>{share} 为零</translation>
    </message>
    <message>
      <location filename="../../gui/plots/mask_plot.py" />
      <source>{share} of {count}</source>
      <translation>{count} 个中的 {share}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_mask.py" />
      <source>{share} pruned</source>
      <translation>{share} 已剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/budget_text.py" />
      <source>{share} too few zeros</source>
      <translation>零的比例少 {share}</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>{share} zero</source>
      <translation>{share} 为零</translation>
    </message>
    <message>
      <location filename="../../gui/panels/runs_panel.py" />
      <source>{size} on disk</source>
      <translation>磁盘占用 {size}</translation>
    </message>
    <message>
      <location filename="../../gui/problems/checks.py" />
      <source>{source} needs a folder or file, and none is chosen.</source>
      <translation>{source} 需要文件夹或文件，但还没有选择。</translation>
    </message>
    <message>
      <location filename="../../gui/scan_state.py" />
      <source>{sqnr} dB</source>
      <translation>{sqnr} dB</translation>
    </message>
    <message>
      <location filename="../../gui/panels/layer_changes.py" />
      <source>{stage} {layers}</source>
      <translation>{stage} {layers}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>{stage} · {step}</source>
      <translation>{stage} · {step}</translation>
    </message>
    <message>
      <location filename="../../gui/moments.py" />
      <source>{stage}, step {number}: sparsity {sparsity}, accuracy {accuracy}%</source>
      <translation>{stage}第 {number} 步：稀疏度 {sparsity}，准确率 {accuracy}%</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <location filename="../../gui/panels/layer_changes.py" />
      <source>{stage}: {method}</source>
      <translation>{stage}：{method}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/stage_form.py" />
      <source>{stage}: {setting}</source>
      <translation>{stage}：{setting}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/queue_rows.py" />
      <source>{stage}: {summary}</source>
      <translation>{stage}：{summary}</translation>
    </message>
    <message>
      <location filename="../../gui/pairing.py" />
      <source>{student} gives {first} and {teacher} gives {second}: {kinds} can't be compared.</source>
      <translation>{student} 的输出为 {first}，{teacher} 的输出为 {second}：{kinds}无法相互比较。</translation>
    </message>
    <message>
      <location filename="../../gui/forms/pairs.py" />
      <source>{student} → {teacher}</source>
      <translation>{student} → {teacher}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{summary} · distilled from {teacher}: {losses}</source>
      <translation>{summary} · 从 {teacher} 蒸馏：{losses}</translation>
    </message>
    <message>
      <location filename="../../gui/stage_text.py" />
      <source>{summary} · distilled: {losses}</source>
      <translation>{summary} · 蒸馏：{losses}</translation>
    </message>
    <message>
      <location filename="../../gui/widgets/metric_card.py" />
      <source>{tag} · {source}</source>
      <translation>{tag} · {source}</translation>
    </message>
    <message>
      <location filename="../../gui/target_text.py" />
      <source>{target} {share} of original</source>
      <translation>{target} 为原始的 {share}</translation>
    </message>
    <message>
      <location filename="../../backend/recipe/_nni_select.py" />
      <source>{text} is no regular expression, so it selects nothing.</source>
      <translation>{text} 不是正则表达式，因此没有选中任何层。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>{time} left</source>
      <translation>剩余 {time}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/rewrite_menu.py" />
      <source>{type} {successor}</source>
      <translation>{type} {successor}</translation>
    </message>
    <message>
      <location filename="../../gui/palette_groups.py" />
      <source>{type} · {parameters} parameters</source>
      <translation>{type} · {parameters} 个参数</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{unit} MACs, fewer is better</source>
      <translation>MACs（{unit}），越少越好</translation>
    </message>
    <message>
      <location filename="../../gui/dialogs/tradeoff_table_dialog.py" />
      <location filename="../../gui/panels/tradeoff_panel.py" />
      <source>{up} against {across}</source>
      <translation>{up}对{across}</translation>
    </message>
    <message>
      <location filename="../../gui/panels/status_bar.py" />
      <source>{used} / {total} GB</source>
      <translation>{used} / {total} GB</translation>
    </message>
    <message>
      <location filename="../../backend/stages/train.py" />
      <source>{usual} is usual for {optimizer} here.</source>
      <translation>这里 {optimizer} 的常用值为 {usual}。</translation>
    </message>
    <message>
      <location filename="../../gui/budget_text.py" />
      <location filename="../../gui/panels/confusion_table.py" />
      <location filename="../../gui/text.py" />
      <source>{value} pt</source>
      <translation>{value} 个百分点</translation>
    </message>
    <message>
      <location filename="../../gui/tradeoff_text.py" />
      <source>{value}%</source>
      <translation>{value}%</translation>
    </message>
    <message>
      <location filename="../../gui/panels/budget_row.py" />
      <source>{verdict}, {source}</source>
      <translation>{verdict}，{source}</translation>
    </message>
    <message>
      <location filename="../../backend/models/_open.py" />
      <source>{weights} are weights of the whole {name}, not of a narrower or shallower version.</source>
      <translation>{weights} 是完整的 {name} 的权重，不属于更窄或更浅的版本。</translation>
    </message>
    <message>
      <location filename="../../gui/panels/weights_channels.py" />
      <source>× {count} pruned</source>
      <translation>× {count} 个已剪枝</translation>
    </message>
    <message>
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>↑ {count}</source>
      <translation>↑ {count}</translation>
    </message>
    <message>
      <location filename="../../gui/plots/histogram_plot.py" />
      <source>↑ {count}, {share} of all are zero</source>
      <translation>↑ {count}，全部权重的 {share} 为零</translation>
    </message>
    <message>
      <location filename="../../gui/rewrites.py" />
      <source>→ {kind}</source>
      <translation>→ {kind}</translation>
    </message>
    <message>
      <location filename="../../gui/item_models/layer_cells.py" />
      <source>↓{count}</source>
      <translation>↓{count}</translation>
    </message>
  </context>
</TS>
