# Generated from the node catalogue by `python -m miniprogram.stac.generate`: change that, not this.
"""The words that properties choose from, as the types of parameters."""

from __future__ import annotations

from typing import Literal, TypeAlias

Alignment: TypeAlias = Literal[
    "topLeft",
    "topCenter",
    "topRight",
    "centerLeft",
    "center",
    "centerRight",
    "bottomLeft",
    "bottomCenter",
    "bottomRight",
]
AlignmentDirectional: TypeAlias = Literal[
    "topStart",
    "topCenter",
    "topEnd",
    "centerStart",
    "center",
    "centerEnd",
    "bottomStart",
    "bottomCenter",
    "bottomEnd",
]
AutovalidateMode: TypeAlias = Literal["disabled", "always", "onUserInteraction", "onUnfocus"]
Axis: TypeAlias = Literal["horizontal", "vertical"]
BlendMode: TypeAlias = Literal[
    "clear",
    "src",
    "dst",
    "srcOver",
    "dstOver",
    "srcIn",
    "dstIn",
    "srcOut",
    "dstOut",
    "srcATop",
    "dstATop",
    "xor",
    "plus",
    "modulate",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "colorDodge",
    "colorBurn",
    "hardLight",
    "softLight",
    "difference",
    "exclusion",
    "multiply",
    "hue",
    "saturation",
    "color",
    "luminosity",
]
BlurStyle: TypeAlias = Literal["normal", "solid", "outer", "inner"]
BorderStyle: TypeAlias = Literal["none", "solid"]
BottomNavigationBarLandscapeLayout: TypeAlias = Literal["spread", "centered", "linear"]
BottomNavigationBarType: TypeAlias = Literal["fixed", "shifting"]
BoxFit: TypeAlias = Literal["fill", "contain", "cover", "fitWidth", "fitHeight", "none", "scaleDown"]
BoxShape: TypeAlias = Literal["rectangle", "circle"]
Brightness: TypeAlias = Literal["dark", "light", "system"]
ButtonBarLayoutBehavior: TypeAlias = Literal["constrained", "padded"]
ButtonTextTheme: TypeAlias = Literal["normal", "accent", "primary"]
CarouselViewType: TypeAlias = Literal["regular", "weighted"]
Clip: TypeAlias = Literal["none", "hardEdge", "antiAlias", "antiAliasWithSaveLayer"]
CrossAxisAlignment: TypeAlias = Literal["start", "end", "center", "stretch", "baseline"]
DecorationImageType: TypeAlias = Literal["file", "network", "asset"]
DismissDirection: TypeAlias = Literal["vertical", "horizontal", "endToStart", "startToEnd", "up", "down", "none"]
DragStartBehavior: TypeAlias = Literal["down", "start"]
DropdownMenuCloseBehavior: TypeAlias = Literal["all", "self", "none"]
FilterQuality: TypeAlias = Literal["none", "low", "medium", "high"]
FlexFit: TypeAlias = Literal["tight", "loose"]
FloatingActionButtonLocation: TypeAlias = Literal[
    "startTop",
    "miniStartTop",
    "centerTop",
    "miniCenterTop",
    "endTop",
    "miniEndTop",
    "startFloat",
    "miniStartFloat",
    "centerFloat",
    "miniCenterFloat",
    "endFloat",
    "miniEndFloat",
    "startDocked",
    "miniStartDocked",
    "centerDocked",
    "miniCenterDocked",
    "endDocked",
    "miniEndDocked",
]
FloatingActionButtonType: TypeAlias = Literal["extended", "large", "medium", "small"]
FloatingLabelAlignment: TypeAlias = Literal["start", "center"]
FloatingLabelBehavior: TypeAlias = Literal["never", "auto", "always"]
FontStyle: TypeAlias = Literal["normal", "italic"]
FontWeight: TypeAlias = Literal[
    "w100",
    "w200",
    "w300",
    "w400",
    "w500",
    "w600",
    "w700",
    "w800",
    "w900",
    "normal",
    "bold",
]
GradientType: TypeAlias = Literal["linear", "radial", "sweep"]
HitTestBehavior: TypeAlias = Literal["deferToChild", "opaque", "translucent"]
HttpMethod: TypeAlias = Literal["get", "post", "put", "delete"]
IconAlignment: TypeAlias = Literal["start", "end"]
IconType: TypeAlias = Literal["material", "cupertino"]
ImageFilterType: TypeAlias = Literal["blur", "matrix", "dilate", "erode", "compose"]
ImageRepeat: TypeAlias = Literal["repeat", "repeatX", "repeatY", "noRepeat"]
ImageType: TypeAlias = Literal["file", "network", "asset"]
InputBorderType: TypeAlias = Literal["none", "underlineInputBorder", "outlineInputBorder"]
InputFormatterType: TypeAlias = Literal["allow", "deny"]
JavaScriptMode: TypeAlias = Literal["disabled", "unrestricted"]
ListTileStyle: TypeAlias = Literal["list", "drawer"]
ListTileTitleAlignment: TypeAlias = Literal["threeLine", "titleHeight", "top", "center", "bottom"]
MainAxisAlignment: TypeAlias = Literal["start", "end", "center", "spaceBetween", "spaceAround", "spaceEvenly"]
MainAxisSize: TypeAlias = Literal["min", "max"]
MaterialTapTargetSize: TypeAlias = Literal["padded", "shrinkWrap"]
MaterialTextStyle: TypeAlias = Literal[
    "displayLarge",
    "displayMedium",
    "displaySmall",
    "headlineLarge",
    "headlineMedium",
    "headlineSmall",
    "titleLarge",
    "titleMedium",
    "titleSmall",
    "bodyLarge",
    "bodyMedium",
    "bodySmall",
    "labelLarge",
    "labelMedium",
    "labelSmall",
]
MaxLengthEnforcement: TypeAlias = Literal["none", "enforced", "truncateAfterCompositionEnds"]
MouseCursor: TypeAlias = Literal[
    "none",
    "basic",
    "click",
    "forbidden",
    "wait",
    "progress",
    "contextMenu",
    "help",
    "text",
    "verticalText",
    "cell",
    "precise",
    "move",
    "grab",
    "grabbing",
    "noDrop",
    "alias",
    "copy",
    "disappearing",
    "allScroll",
    "resizeLeftRight",
    "resizeUpDown",
    "resizeUpLeftDownRight",
    "resizeUpRightDownLeft",
    "resizeUp",
    "resizeDown",
    "resizeLeft",
    "resizeRight",
    "resizeUpLeft",
    "resizeUpRight",
    "resizeDownLeft",
    "resizeDownRight",
    "resizeColumn",
    "resizeRow",
    "zoomIn",
    "zoomOut",
]
NamedColor: TypeAlias = Literal[
    "amber",
    "amberAccent",
    "black",
    "blue",
    "blueAccent",
    "blueGrey",
    "brown",
    "cyan",
    "cyanAccent",
    "deepOrange",
    "deepOrangeAccent",
    "deepPurple",
    "deepPurpleAccent",
    "green",
    "greenAccent",
    "grey",
    "indigo",
    "indigoAccent",
    "lightBlue",
    "lightBlueAccent",
    "lightGreen",
    "lightGreenAccent",
    "lime",
    "limeAccent",
    "orange",
    "orangeAccent",
    "pink",
    "pinkAccent",
    "purple",
    "purpleAccent",
    "red",
    "redAccent",
    "teal",
    "tealAccent",
    "transparent",
    "white",
    "yellow",
    "yellowAccent",
    "black12",
    "black26",
    "black38",
    "black45",
    "black54",
    "black87",
    "white10",
    "white12",
    "white24",
    "white30",
    "white38",
    "white54",
    "white60",
    "white70",
]
NavigationDestinationLabelBehavior: TypeAlias = Literal["alwaysShow", "alwaysHide", "onlyShowSelected"]
NavigationStyle: TypeAlias = Literal[
    "push",
    "pop",
    "pushReplacement",
    "pushAndRemoveAll",
    "popAll",
    "pushNamed",
    "pushNamedAndRemoveAll",
    "pushReplacementNamed",
]
OptionsViewOpenDirection: TypeAlias = Literal["up", "down"]
OverflowBarAlignment: TypeAlias = Literal["start", "end", "center"]
PositionedType: TypeAlias = Literal["directional", "fill", "fromRect"]
RadioType: TypeAlias = Literal["adaptive", "cupertino", "material"]
RectType: TypeAlias = Literal["fromCenter", "fromCircle", "fromLTRB", "fromLTWH", "fromPoints"]
RefreshIndicatorTriggerMode: TypeAlias = Literal["anywhere", "onEdge"]
ScrollPhysics: TypeAlias = Literal["never", "bouncing", "clamping", "fixed", "page"]
ScrollViewKeyboardDismissBehavior: TypeAlias = Literal["manual", "onDrag"]
ShapeBorderType: TypeAlias = Literal[
    "circleBorder",
    "roundedRectangleBorder",
    "continuousRectangleBorder",
    "beveledRectangleBorder",
]
SliderInteraction: TypeAlias = Literal["tapAndSlide", "tapOnly", "slideOnly", "slideThumb"]
SliderType: TypeAlias = Literal["adaptive", "cupertino", "material"]
SmartDashesType: TypeAlias = Literal["disabled", "enabled"]
SmartQuotesType: TypeAlias = Literal["disabled", "enabled"]
SnackBarBehavior: TypeAlias = Literal["fixed", "floating"]
StackFit: TypeAlias = Literal["loose", "expand", "passthrough"]
StrokeCap: TypeAlias = Literal["butt", "round", "square"]
SwitchType: TypeAlias = Literal["adaptive", "cupertino", "material"]
TabAlignment: TypeAlias = Literal["start", "startOffset", "fill", "center"]
TabBarIndicatorSize: TypeAlias = Literal["tab", "label"]
TableCellVerticalAlignment: TypeAlias = Literal["top", "middle", "bottom", "baseline", "fill", "intrinsicHeight"]
TableColumnWidthType: TypeAlias = Literal[
    "fixedColumnWidth",
    "flexColumnWidth",
    "fractionColumnWidth",
    "intrinsicColumnWidth",
]
TargetPlatform: TypeAlias = Literal["android", "fuchsia", "iOS", "linux", "macOS", "windows"]
TextAlign: TypeAlias = Literal["left", "right", "center", "justify", "start", "end"]
TextAlignVertical: TypeAlias = Literal["top", "center", "bottom"]
TextBaseline: TypeAlias = Literal["alphabetic", "ideographic"]
TextCapitalization: TypeAlias = Literal["words", "sentences", "characters", "none"]
TextDecorationStyle: TypeAlias = Literal["solid", "double", "dotted", "dashed", "wavy"]
TextDirection: TypeAlias = Literal["rtl", "ltr"]
TextInputAction: TypeAlias = Literal[
    "none",
    "unspecified",
    "done",
    "go",
    "search",
    "send",
    "next",
    "previous",
    "continueAction",
    "join",
    "route",
    "emergencyCall",
    "newline",
]
TextInputType: TypeAlias = Literal[
    "text",
    "multiline",
    "number",
    "phone",
    "datetime",
    "emailAddress",
    "url",
    "visiblePassword",
    "name",
    "streetAddress",
    "none",
]
TextLeadingDistribution: TypeAlias = Literal["proportional", "even"]
TextOverflow: TypeAlias = Literal["clip", "fade", "ellipsis", "visible"]
TextStyleType: TypeAlias = Literal["custom", "theme"]
TextWidthBasis: TypeAlias = Literal["parent", "longestLine"]
ThemeColorName: TypeAlias = Literal[
    "primary",
    "onPrimary",
    "primaryContainer",
    "onPrimaryContainer",
    "primaryFixed",
    "primaryFixedDim",
    "onPrimaryFixed",
    "onPrimaryFixedVariant",
    "secondary",
    "onSecondary",
    "secondaryContainer",
    "onSecondaryContainer",
    "secondaryFixed",
    "secondaryFixedDim",
    "onSecondaryFixed",
    "onSecondaryFixedVariant",
    "tertiary",
    "onTertiary",
    "tertiaryContainer",
    "onTertiaryContainer",
    "tertiaryFixed",
    "tertiaryFixedDim",
    "onTertiaryFixed",
    "onTertiaryFixedVariant",
    "error",
    "onError",
    "errorContainer",
    "onErrorContainer",
    "surface",
    "onSurface",
    "surfaceDim",
    "surfaceBright",
    "surfaceContainerLowest",
    "surfaceContainerLow",
    "surfaceContainer",
    "surfaceContainerHigh",
    "surfaceContainerHighest",
    "onSurfaceVariant",
    "outline",
    "outlineVariant",
    "shadow",
    "scrim",
    "inverseSurface",
    "onInverseSurface",
    "inversePrimary",
    "surfaceTint",
]
TileMode: TypeAlias = Literal["clamp", "repeated", "mirror", "decal"]
TooltipTriggerMode: TypeAlias = Literal["manual", "longPress", "tap"]
TraversalEdgeBehavior: TypeAlias = Literal["closedLoop", "leaveFlutterView", "parentScope", "stop"]
VerticalDirection: TypeAlias = Literal["up", "down"]
WrapAlignment: TypeAlias = Literal["start", "end", "center", "spaceBetween", "spaceAround", "spaceEvenly"]
WrapCrossAlignment: TypeAlias = Literal["start", "end", "center"]
