/**
 * Widgets and actions of the catalogue as types, made by tools/catalogue_types.py: nothing here runs. Values are
 * `any`, because nobody has checked what a document says; what the types hold is which properties there are.
 *
 * @typedef {object} AlertDialogNode
 * @property {string} type
 * @property {any} [icon]  widget
 * @property {any} [iconPadding]  edgeInsets
 * @property {any} [iconColor]  color
 * @property {any} [title]  widget
 * @property {any} [titlePadding]  edgeInsets
 * @property {any} [titleTextStyle]  textStyle
 * @property {any} [content]  widget
 * @property {any} [contentPadding]  edgeInsets
 * @property {any} [contentTextStyle]  textStyle
 * @property {any} [actions]  list<widget>
 * @property {any} [actionsPadding]  edgeInsets
 * @property {any} [actionsAlignment]  enum
 * @property {any} [actionsOverflowAlignment]  enum
 * @property {any} [actionsOverflowDirection]  enum
 * @property {any} [actionsOverflowButtonSpacing]  number
 * @property {any} [buttonPadding]  edgeInsets
 * @property {any} [backgroundColor]  color
 * @property {any} [elevation]  number
 * @property {any} [shadowColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [semanticLabel]  string
 * @property {any} [insetPadding]  edgeInsets
 * @property {any} [clipBehavior]  enum
 * @property {any} [shape]  shapeBorder
 * @property {any} [alignment]  alignmentGeometry
 * @property {any} [scrollable]  bool
 *
 * @typedef {object} AlignNode
 * @property {string} type
 * @property {any} [alignment]  enum
 * @property {any} [widthFactor]  number
 * @property {any} [heightFactor]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} AppBarNode
 * @property {string} type
 * @property {any} [leading]  widget
 * @property {any} [title]  widget
 * @property {any} [titleTextStyle]  textStyle
 * @property {any} [toolbarTextStyle]  textStyle
 * @property {any} [shadowColor]  color
 * @property {any} [backgroundColor]  color
 * @property {any} [foregroundColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [actions]  list<widget>
 * @property {any} [bottom]  widget
 * @property {any} [titleSpacing]  number
 * @property {any} [toolbarOpacity]  number
 * @property {any} [bottomOpacity]  number
 * @property {any} [toolbarHeight]  number
 * @property {any} [leadingWidth]  number
 * @property {any} [primary]  bool
 * @property {any} [centerTitle]  bool
 * @property {any} [elevation]  number
 * @property {any} [scrolledUnderElevation]  number
 * @property {any} [automaticallyImplyLeading]  bool
 * @property {any} [flexibleSpace]  widget
 * @property {any} [excludeHeaderSemantics]  bool
 * @property {any} [systemOverlayStyle]  systemUiOverlayStyle
 * @property {any} [forceMaterialTransparency]  bool
 * @property {any} [useDefaultSemanticsOrder]  bool
 * @property {any} [clipBehavior]  enum
 * @property {any} [actionsPadding]  edgeInsets
 *
 * @typedef {object} AspectRatioNode
 * @property {string} type
 * @property {any} [aspectRatio]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} AutocompleteNode
 * @property {string} type
 * @property {any} [options]  list<string>
 * @property {any} [onSelected]  action
 * @property {any} [optionsMaxHeight]  number
 * @property {any} [optionsViewOpenDirection]  enum
 * @property {any} [initialValue]  string
 *
 * @typedef {object} BackdropFilterNode
 * @property {string} type
 * @property {any} [filter]  imageFilter
 * @property {any} [child]  widget
 * @property {any} [enabled]  bool
 * @property {any} [blendMode]  enum
 *
 * @typedef {object} BadgeNode
 * @property {string} type
 * @property {any} [backgroundColor]  color
 * @property {any} [textColor]  color
 * @property {any} [smallSize]  number
 * @property {any} [largeSize]  number
 * @property {any} [textStyle]  textStyle
 * @property {any} [padding]  edgeInsets
 * @property {any} [alignment]  alignmentGeometryAny
 * @property {any} [offset]  offset
 * @property {any} [label]  widget
 * @property {any} [count]  int
 * @property {any} [maxCount]  int
 * @property {any} [isLabelVisible]  bool
 * @property {any} [child]  widget
 *
 * @typedef {object} BottomNavigationBarNode
 * @property {string} type
 * @property {any} [items]  list<bottomNavigationBarItem>
 * @property {any} [elevation]  number
 * @property {any} [bottomNavigationBarType]  enum
 * @property {any} [fixedColor]  color
 * @property {any} [backgroundColor]  color
 * @property {any} [iconSize]  number
 * @property {any} [selectedItemColor]  color
 * @property {any} [unselectedItemColor]  color
 * @property {any} [selectedFontSize]  number
 * @property {any} [unselectedFontSize]  number
 * @property {any} [selectedLabelStyle]  textStyle
 * @property {any} [unselectedLabelStyle]  textStyle
 * @property {any} [showSelectedLabels]  bool
 * @property {any} [showUnselectedLabels]  bool
 * @property {any} [enableFeedback]  bool
 * @property {any} [landscapeLayout]  enum
 * @property {any} [barType]  enum
 *
 * @typedef {object} BottomNavigationViewNode
 * @property {string} type
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} CardNode
 * @property {string} type
 * @property {any} [color]  color
 * @property {any} [shadowColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [elevation]  number
 * @property {any} [shape]  shapeBorder
 * @property {any} [borderOnForeground]  bool
 * @property {any} [margin]  edgeInsets
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 * @property {any} [semanticContainer]  bool
 *
 * @typedef {object} CarouselViewNode
 * @property {string} type
 * @property {any} [carouselType]  enum
 * @property {any} [padding]  edgeInsets
 * @property {any} [backgroundColor]  color
 * @property {any} [elevation]  number
 * @property {any} [overlayColor]  color
 * @property {any} [itemSnapping]  bool
 * @property {any} [shrinkExtent]  number
 * @property {any} [scrollDirection]  enum
 * @property {any} [reverse]  bool
 * @property {any} [onTap]  action
 * @property {any} [enableSplash]  bool
 * @property {any} [itemExtent]  number
 * @property {any} [flexWeights]  list<int>
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} CenterNode
 * @property {string} type
 * @property {any} [widthFactor]  number
 * @property {any} [heightFactor]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} CheckBoxNode
 * @property {string} type
 * @property {any} [id]  string
 * @property {any} [value]  bool
 * @property {any} [tristate]  bool
 * @property {any} [onChanged]  action
 * @property {any} [mouseCursor]  enum
 * @property {any} [activeColor]  color
 * @property {any} [fillColor]  materialColor
 * @property {any} [checkColor]  color
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [overlayColor]  materialColor
 * @property {any} [splashRadius]  number
 * @property {any} [materialTapTargetSize]  enum
 * @property {any} [autofocus]  bool
 * @property {any} [isError]  bool
 *
 * @typedef {object} ChipNode
 * @property {string} type
 * @property {any} [avatar]  widget
 * @property {any} [label]  widget
 * @property {any} [labelStyle]  textStyle
 * @property {any} [labelPadding]  edgeInsets
 * @property {any} [deleteIcon]  widget
 * @property {any} [onDeleted]  action
 * @property {any} [deleteIconColor]  color
 * @property {any} [deleteButtonTooltipMessage]  string
 * @property {any} [side]  borderSide
 * @property {any} [shape]  roundedRectangleBorder
 * @property {any} [clipBehavior]  enum
 * @property {any} [autofocus]  bool
 * @property {any} [color]  color
 * @property {any} [backgroundColor]  color
 * @property {any} [padding]  edgeInsets
 * @property {any} [visualDensity]  visualDensity
 * @property {any} [materialTapTargetSize]  enum
 * @property {any} [elevation]  number
 * @property {any} [shadowColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [iconTheme]  iconThemeData
 * @property {any} [avatarBoxConstraints]  boxConstraints
 * @property {any} [deleteIconBoxConstraints]  boxConstraints
 *
 * @typedef {object} CircleAvatarNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [backgroundColor]  color
 * @property {any} [backgroundImage]  string
 * @property {any} [foregroundImage]  string
 * @property {any} [onBackgroundImageError]  action
 * @property {any} [onForegroundImageError]  action
 * @property {any} [foregroundColor]  color
 * @property {any} [radius]  number
 * @property {any} [minRadius]  number
 * @property {any} [maxRadius]  number
 *
 * @typedef {object} CircularProgressIndicatorNode
 * @property {string} type
 * @property {any} [value]  number
 * @property {any} [backgroundColor]  color
 * @property {any} [color]  color
 * @property {any} [strokeWidth]  number
 * @property {any} [strokeAlign]  number
 * @property {any} [semanticsLabel]  string
 * @property {any} [semanticsValue]  string
 * @property {any} [strokeCap]  enum
 *
 * @typedef {object} ClipOvalNode
 * @property {string} type
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} ClipRRectNode
 * @property {string} type
 * @property {any} [borderRadius]  borderRadius
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} ColoredBoxNode
 * @property {string} type
 * @property {any} [color]  color
 * @property {any} [child]  widget
 *
 * @typedef {object} ColumnNode
 * @property {string} type
 * @property {any} [mainAxisAlignment]  enum
 * @property {any} [crossAxisAlignment]  enum
 * @property {any} [mainAxisSize]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [verticalDirection]  enum
 * @property {any} [spacing]  number
 * @property {any} [children]  list<widget>
 * @property {any} [textBaseline]  enum
 *
 * @typedef {object} ConditionalNode
 * @property {string} type
 * @property {any} [condition]  string
 * @property {any} [ifTrue]  widget
 * @property {any} [ifFalse]  widget
 *
 * @typedef {object} ContainerNode
 * @property {string} type
 * @property {any} [alignment]  enum
 * @property {any} [padding]  edgeInsets
 * @property {any} [decoration]  boxDecoration
 * @property {any} [foregroundDecoration]  boxDecoration
 * @property {any} [color]  color
 * @property {any} [width]  number
 * @property {any} [height]  number
 * @property {any} [constraints]  boxConstraints
 * @property {any} [margin]  edgeInsets
 * @property {any} [child]  widget
 * @property {any} [clipBehavior]  enum
 * @property {any} [transformAlignment]  enum
 *
 * @typedef {object} CustomScrollViewNode
 * @property {string} type
 * @property {any} [slivers]  list<widget>
 * @property {any} [scrollDirection]  enum
 * @property {any} [reverse]  bool
 * @property {any} [primary]  bool
 * @property {any} [physics]  enum
 * @property {any} [shrinkWrap]  bool
 * @property {any} [anchor]  number
 * @property {any} [cacheExtent]  number
 * @property {any} [semanticChildCount]  int
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [keyboardDismissBehavior]  enum
 * @property {any} [restorationId]  string
 * @property {any} [clipBehavior]  enum
 * @property {any} [hitTestBehavior]  enum
 *
 * @typedef {object} DefaultBottomNavigationControllerNode
 * @property {string} type
 * @property {any} [length]  int
 * @property {any} [initialIndex]  int
 * @property {any} [child]  widget
 *
 * @typedef {object} DefaultTabControllerNode
 * @property {string} type
 * @property {any} [length]  int
 * @property {any} [initialIndex]  int
 * @property {any} [child]  widget
 * @property {any} [animationDuration]  duration
 *
 * @typedef {object} DividerNode
 * @property {string} type
 * @property {any} [thickness]  number
 * @property {any} [height]  number
 * @property {any} [color]  color
 * @property {any} [indent]  number
 * @property {any} [endIndent]  number
 *
 * @typedef {object} DrawerNode
 * @property {string} type
 * @property {any} [backgroundColor]  color
 * @property {any} [elevation]  number
 * @property {any} [shadowColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [shape]  shapeBorder
 * @property {any} [width]  number
 * @property {any} [child]  widget
 * @property {any} [semanticLabel]  string
 * @property {any} [clipBehavior]  enum
 *
 * @typedef {object} DropdownMenuNode
 * @property {string} type
 * @property {any} [enabled]  bool
 * @property {any} [width]  number
 * @property {any} [menuHeight]  number
 * @property {any} [leadingIcon]  widget
 * @property {any} [trailingIcon]  widget
 * @property {any} [label]  widget
 * @property {any} [hintText]  string
 * @property {any} [helperText]  string
 * @property {any} [errorText]  string
 * @property {any} [selectedTrailingIcon]  widget
 * @property {any} [enableFilter]  bool
 * @property {any} [enableSearch]  bool
 * @property {any} [keyboardType]  enum
 * @property {any} [textStyle]  textStyle
 * @property {any} [textAlign]  enum
 * @property {any} [inputDecorationTheme]  inputDecorationTheme
 * @property {any} [inputFormatters]  list<inputFormatter>
 * @property {any} [alignmentOffset]  offset
 * @property {any} [expandedInsets]  edgeInsets
 * @property {any} [requestFocusOnTap]  bool
 * @property {any} [initialSelection]  any
 * @property {any} [dropdownMenuEntries]  list<dropdownMenuEntry>
 * @property {any} [closeBehavior]  enum
 *
 * @typedef {object} DynamicViewNode
 * @property {string} type
 * @property {any} [request]  networkRequest
 * @property {any} [targetPath]  string
 * @property {any} [template]  widgetTemplate
 * @property {any} [resultTarget]  string
 * @property {any} [emptyTemplate]  widget
 * @property {any} [loaderWidget]  widget
 * @property {any} [errorWidget]  widget
 *
 * @typedef {object} ElevatedButtonNode
 * @property {string} type
 * @property {any} [onPressed]  action
 * @property {any} [onLongPress]  action
 * @property {any} [onHover]  action
 * @property {any} [onFocusChange]  action
 * @property {any} [style]  buttonStyle
 * @property {any} [autofocus]  bool
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} ExpandedNode
 * @property {string} type
 * @property {any} [flex]  int
 * @property {any} [child]  widget
 *
 * @typedef {object} FilledButtonNode
 * @property {string} type
 * @property {any} [onPressed]  action
 * @property {any} [onLongPress]  action
 * @property {any} [onHover]  action
 * @property {any} [onFocusChange]  action
 * @property {any} [style]  buttonStyle
 * @property {any} [autofocus]  bool
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} FittedBoxNode
 * @property {string} type
 * @property {any} [fit]  enum
 * @property {any} [alignment]  enum
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} FlexibleNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [flex]  int
 * @property {any} [fit]  enum
 *
 * @typedef {object} FloatingActionButtonNode
 * @property {string} type
 * @property {any} [onPressed]  action
 * @property {any} [textStyle]  textStyle
 * @property {any} [buttonType]  enum
 * @property {any} [autofocus]  bool
 * @property {any} [icon]  widget
 * @property {any} [backgroundColor]  color
 * @property {any} [foregroundColor]  color
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [splashColor]  color
 * @property {any} [extendedTextStyle]  textStyle
 * @property {any} [elevation]  number
 * @property {any} [focusElevation]  number
 * @property {any} [hoverElevation]  number
 * @property {any} [disabledElevation]  number
 * @property {any} [highlightElevation]  number
 * @property {any} [extendedIconLabelSpacing]  number
 * @property {any} [enableFeedback]  bool
 * @property {any} [tooltip]  string
 * @property {any} [heroTag]  any
 * @property {any} [child]  widget
 *
 * @typedef {object} FormNode
 * @property {string} type
 * @property {any} [autovalidateMode]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} FractionallySizedBoxNode
 * @property {string} type
 * @property {any} [alignment]  enum
 * @property {any} [widthFactor]  number
 * @property {any} [heightFactor]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} GestureDetectorNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [onTapDown]  action
 * @property {any} [onTapUp]  action
 * @property {any} [onTap]  action
 * @property {any} [onTapCancel]  action
 * @property {any} [onSecondaryTap]  action
 * @property {any} [onSecondaryTapDown]  action
 * @property {any} [onSecondaryTapUp]  action
 * @property {any} [onSecondaryTapCancel]  action
 * @property {any} [onTertiaryTapDown]  action
 * @property {any} [onTertiaryTapUp]  action
 * @property {any} [onTertiaryTapCancel]  action
 * @property {any} [onDoubleTapDown]  action
 * @property {any} [onDoubleTap]  action
 * @property {any} [onDoubleTapCancel]  action
 * @property {any} [onLongPressDown]  action
 * @property {any} [onLongPressCancel]  action
 * @property {any} [onLongPress]  action
 * @property {any} [onLongPressStart]  action
 * @property {any} [onLongPressMoveUpdate]  action
 * @property {any} [onLongPressUp]  action
 * @property {any} [onLongPressEnd]  action
 * @property {any} [onSecondaryLongPressDown]  action
 * @property {any} [onSecondaryLongPressCancel]  action
 * @property {any} [onSecondaryLongPress]  action
 * @property {any} [onSecondaryLongPressStart]  action
 * @property {any} [onSecondaryLongPressMoveUpdate]  action
 * @property {any} [onSecondaryLongPressUp]  action
 * @property {any} [onSecondaryLongPressEnd]  action
 * @property {any} [onTertiaryLongPressDown]  action
 * @property {any} [onTertiaryLongPressCancel]  action
 * @property {any} [onTertiaryLongPress]  action
 * @property {any} [onTertiaryLongPressStart]  action
 * @property {any} [onTertiaryLongPressMoveUpdate]  action
 * @property {any} [onTertiaryLongPressUp]  action
 * @property {any} [onTertiaryLongPressEnd]  action
 * @property {any} [onVerticalDragDown]  action
 * @property {any} [onVerticalDragStart]  action
 * @property {any} [onVerticalDragUpdate]  action
 * @property {any} [onVerticalDragEnd]  action
 * @property {any} [onVerticalDragCancel]  action
 * @property {any} [onHorizontalDragDown]  action
 * @property {any} [onHorizontalDragStart]  action
 * @property {any} [onHorizontalDragUpdate]  action
 * @property {any} [onHorizontalDragEnd]  action
 * @property {any} [onHorizontalDragCancel]  action
 * @property {any} [onForcePressStart]  action
 * @property {any} [onForcePressPeak]  action
 * @property {any} [onForcePressUpdate]  action
 * @property {any} [onForcePressEnd]  action
 * @property {any} [excludeFromSemantics]  bool
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [onPanDown]  action
 * @property {any} [onPanStart]  action
 * @property {any} [onPanUpdate]  action
 * @property {any} [onPanEnd]  action
 * @property {any} [onPanCancel]  action
 * @property {any} [onScaleStart]  action
 * @property {any} [onScaleUpdate]  action
 * @property {any} [onScaleEnd]  action
 * @property {any} [behavior]  enum
 *
 * @typedef {object} GridViewNode
 * @property {string} type
 * @property {any} [scrollDirection]  enum
 * @property {any} [reverse]  bool
 * @property {any} [primary]  bool
 * @property {any} [physics]  enum
 * @property {any} [shrinkWrap]  bool
 * @property {any} [padding]  edgeInsets
 * @property {any} [crossAxisCount]  int
 * @property {any} [mainAxisSpacing]  number
 * @property {any} [crossAxisSpacing]  number
 * @property {any} [childAspectRatio]  number
 * @property {any} [mainAxisExtent]  number
 * @property {any} [addAutomaticKeepAlives]  bool
 * @property {any} [addRepaintBoundaries]  bool
 * @property {any} [addSemanticIndexes]  bool
 * @property {any} [cacheExtent]  number
 * @property {any} [children]  list<widget>
 * @property {any} [semanticChildCount]  int
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [keyboardDismissBehavior]  enum
 * @property {any} [restorationId]  string
 * @property {any} [clipBehavior]  enum
 *
 * @typedef {object} HeroNode
 * @property {string} type
 * @property {any} [tag]  any
 * @property {any} [child]  widget
 * @property {any} [createRectTween]  rectTween
 * @property {any} [flightShuttleBuilder]  widget
 * @property {any} [placeholderBuilder]  widget
 * @property {any} [transitionOnUserGestures]  bool
 *
 * @typedef {object} IconNode
 * @property {string} type
 * @property {any} [icon]  string
 * @property {any} [iconType]  enum
 * @property {any} [size]  number
 * @property {any} [color]  color
 * @property {any} [semanticLabel]  string
 * @property {any} [textDirection]  enum
 * @property {any} [fill]  number
 * @property {any} [weight]  number
 * @property {any} [grade]  number
 * @property {any} [opticalSize]  number
 * @property {any} [shadows]  list<shadow>
 * @property {any} [applyTextScaling]  bool
 * @property {any} [blendMode]  enum
 *
 * @typedef {object} IconButtonNode
 * @property {string} type
 * @property {any} [iconSize]  number
 * @property {any} [padding]  edgeInsets
 * @property {any} [alignment]  enum
 * @property {any} [splashRadius]  number
 * @property {any} [color]  color
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [highlightColor]  color
 * @property {any} [splashColor]  color
 * @property {any} [disabledColor]  color
 * @property {any} [onPressed]  action
 * @property {any} [autofocus]  bool
 * @property {any} [tooltip]  string
 * @property {any} [enableFeedback]  bool
 * @property {any} [constraints]  boxConstraints
 * @property {any} [style]  buttonStyle
 * @property {any} [isSelected]  bool
 * @property {any} [selectedIcon]  widget
 * @property {any} [icon]  widget
 * @property {any} [visualDensity]  visualDensity
 * @property {any} [onHover]  action
 * @property {any} [onLongPress]  action
 * @property {any} [mouseCursor]  enum
 *
 * @typedef {object} ImageNode
 * @property {string} type
 * @property {any} [src]  string
 * @property {any} [alignment]  enum
 * @property {any} [imageType]  enum
 * @property {any} [color]  color
 * @property {any} [width]  number
 * @property {any} [height]  number
 * @property {any} [fit]  enum
 * @property {any} [repeat]  enum
 * @property {any} [filterQuality]  enum
 * @property {any} [semanticLabel]  string
 * @property {any} [excludeFromSemantics]  bool
 *
 * @typedef {object} InkWellNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [onTap]  action
 * @property {any} [onDoubleTap]  action
 * @property {any} [onLongPress]  action
 * @property {any} [onTapDown]  action
 * @property {any} [onTapUp]  action
 * @property {any} [onTapCancel]  action
 * @property {any} [onSecondaryTap]  action
 * @property {any} [onSecondaryTapUp]  action
 * @property {any} [onSecondaryTapDown]  action
 * @property {any} [onSecondaryTapCancel]  action
 * @property {any} [onHighlightChanged]  action
 * @property {any} [onHover]  action
 * @property {any} [mouseCursor]  enum
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [highlightColor]  color
 * @property {any} [overlayColor]  color
 * @property {any} [splashColor]  color
 * @property {any} [splashFactory]  map
 * @property {any} [radius]  number
 * @property {any} [borderRadius]  borderRadius
 * @property {any} [customBorder]  border
 * @property {any} [enableFeedback]  bool
 * @property {any} [excludeFromSemantics]  bool
 * @property {any} [focusNode]  map
 * @property {any} [canRequestFocus]  bool
 * @property {any} [onFocusChange]  action
 * @property {any} [autofocus]  bool
 * @property {any} [statesController]  map
 * @property {any} [hoverDuration]  duration
 *
 * @typedef {object} LimitedBoxNode
 * @property {string} type
 * @property {any} [maxHeight]  number
 * @property {any} [maxWidth]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} LinearProgressIndicatorNode
 * @property {string} type
 * @property {any} [value]  number
 * @property {any} [backgroundColor]  color
 * @property {any} [color]  color
 * @property {any} [minHeight]  number
 * @property {any} [semanticsLabel]  string
 * @property {any} [semanticsValue]  string
 * @property {any} [borderRadius]  borderRadius
 *
 * @typedef {object} ListTileNode
 * @property {string} type
 * @property {any} [onTap]  action
 * @property {any} [onLongPress]  action
 * @property {any} [leading]  widget
 * @property {any} [title]  widget
 * @property {any} [subtitle]  widget
 * @property {any} [trailing]  widget
 * @property {any} [isThreeLine]  bool
 * @property {any} [dense]  bool
 * @property {any} [style]  enum
 * @property {any} [selectedColor]  color
 * @property {any} [iconColor]  color
 * @property {any} [textColor]  color
 * @property {any} [contentPadding]  edgeInsets
 * @property {any} [enabled]  bool
 * @property {any} [selected]  bool
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [autofocus]  bool
 * @property {any} [tileColor]  color
 * @property {any} [selectedTileColor]  color
 * @property {any} [enableFeedback]  bool
 * @property {any} [horizontalTitleGap]  number
 * @property {any} [minVerticalPadding]  number
 * @property {any} [minLeadingWidth]  number
 * @property {any} [visualDensity]  visualDensity
 * @property {any} [shape]  shapeBorder
 * @property {any} [mouseCursor]  enum
 * @property {any} [titleAlignment]  enum
 *
 * @typedef {object} ListViewNode
 * @property {string} type
 * @property {any} [scrollDirection]  enum
 * @property {any} [reverse]  bool
 * @property {any} [primary]  bool
 * @property {any} [physics]  enum
 * @property {any} [shrinkWrap]  bool
 * @property {any} [padding]  edgeInsets
 * @property {any} [addAutomaticKeepAlives]  bool
 * @property {any} [addRepaintBoundaries]  bool
 * @property {any} [addSemanticIndexes]  bool
 * @property {any} [cacheExtent]  number
 * @property {any} [children]  list<widget>
 * @property {any} [separator]  widget
 * @property {any} [semanticChildCount]  int
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [keyboardDismissBehavior]  enum
 * @property {any} [restorationId]  string
 * @property {any} [clipBehavior]  enum
 *
 * @typedef {object} NetworkWidgetNode
 * @property {string} type
 * @property {any} [request]  networkRequest
 * @property {any} [loadingWidget]  widget
 * @property {any} [errorWidget]  widget
 *
 * @typedef {object} OpacityNode
 * @property {string} type
 * @property {any} [opacity]  number
 * @property {any} [child]  widget
 * @property {any} [alwaysIncludeSemantics]  bool
 *
 * @typedef {object} OutlinedButtonNode
 * @property {string} type
 * @property {any} [onPressed]  action
 * @property {any} [onLongPress]  action
 * @property {any} [onHover]  action
 * @property {any} [onFocusChange]  action
 * @property {any} [style]  buttonStyle
 * @property {any} [autofocus]  bool
 * @property {any} [clipBehavior]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} PaddingNode
 * @property {string} type
 * @property {any} [padding]  edgeInsets
 * @property {any} [child]  widget
 *
 * @typedef {object} PageViewNode
 * @property {string} type
 * @property {any} [scrollDirection]  enum
 * @property {any} [reverse]  bool
 * @property {any} [physics]  enum
 * @property {any} [pageSnapping]  bool
 * @property {any} [onPageChanged]  action
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [allowImplicitScrolling]  bool
 * @property {any} [restorationId]  string
 * @property {any} [clipBehavior]  enum
 * @property {any} [padEnds]  bool
 * @property {any} [initialPage]  int
 * @property {any} [keepPage]  bool
 * @property {any} [viewportFraction]  number
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} PlaceholderNode
 * @property {string} type
 * @property {any} [fallbackWidth]  number
 * @property {any} [fallbackHeight]  number
 * @property {any} [strokeWidth]  number
 * @property {any} [color]  color
 * @property {any} [child]  widget
 *
 * @typedef {object} PositionedNode
 * @property {string} type
 * @property {any} [positionedType]  enum
 * @property {any} [left]  number
 * @property {any} [top]  number
 * @property {any} [right]  number
 * @property {any} [bottom]  number
 * @property {any} [width]  number
 * @property {any} [height]  number
 * @property {any} [start]  number
 * @property {any} [end]  number
 * @property {any} [textDirection]  enum
 * @property {any} [rect]  rect
 * @property {any} [child]  widget
 *
 * @typedef {object} RadioNode
 * @property {string} type
 * @property {any} [radioType]  enum
 * @property {any} [value]  any
 * @property {any} [onChanged]  action
 * @property {any} [mouseCursor]  enum
 * @property {any} [toggleable]  bool
 * @property {any} [activeColor]  color
 * @property {any} [inactiveColor]  color
 * @property {any} [fillColor]  color
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [overlayColor]  color
 * @property {any} [splashRadius]  number
 * @property {any} [materialTapTargetSize]  enum
 * @property {any} [visualDensity]  visualDensity
 * @property {any} [autofocus]  bool
 * @property {any} [useCheckmarkStyle]  bool
 * @property {any} [useCupertinoCheckmarkStyle]  bool
 * @property {any} [groupId]  string
 * @property {any} [enabled]  bool
 * @property {any} [backgroundColor]  color
 * @property {any} [side]  borderSide
 * @property {any} [innerRadius]  number
 *
 * @typedef {object} RadioGroupNode
 * @property {string} type
 * @property {any} [id]  string
 * @property {any} [groupValue]  any
 * @property {any} [child]  widget
 * @property {any} [onChanged]  action
 *
 * @typedef {object} RefreshIndicatorNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [displacement]  number
 * @property {any} [edgeOffset]  number
 * @property {any} [onRefresh]  action
 * @property {any} [color]  color
 * @property {any} [backgroundColor]  color
 * @property {any} [semanticsLabel]  string
 * @property {any} [semanticsValue]  string
 * @property {any} [strokeWidth]  number
 * @property {any} [triggerMode]  enum
 *
 * @typedef {object} RowNode
 * @property {string} type
 * @property {any} [mainAxisAlignment]  enum
 * @property {any} [crossAxisAlignment]  enum
 * @property {any} [mainAxisSize]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [verticalDirection]  enum
 * @property {any} [spacing]  number
 * @property {any} [children]  list<widget>
 * @property {any} [textBaseline]  enum
 *
 * @typedef {object} SafeAreaNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [left]  bool
 * @property {any} [top]  bool
 * @property {any} [right]  bool
 * @property {any} [bottom]  bool
 * @property {any} [minimum]  edgeInsets
 * @property {any} [maintainBottomViewPadding]  bool
 *
 * @typedef {object} ScaffoldNode
 * @property {string} type
 * @property {any} [appBar]  widget
 * @property {any} [body]  widget
 * @property {any} [floatingActionButton]  widget
 * @property {any} [floatingActionButtonLocation]  enum
 * @property {any} [persistentFooterButtons]  list<widget>
 * @property {any} [drawer]  widget
 * @property {any} [endDrawer]  widget
 * @property {any} [bottomNavigationBar]  widget
 * @property {any} [bottomSheet]  widget
 * @property {any} [backgroundColor]  color
 * @property {any} [resizeToAvoidBottomInset]  bool
 * @property {any} [primary]  bool
 * @property {any} [drawerDragStartBehavior]  enum
 * @property {any} [extendBody]  bool
 * @property {any} [extendBodyBehindAppBar]  bool
 * @property {any} [drawerScrimColor]  color
 * @property {any} [drawerEdgeDragWidth]  number
 * @property {any} [drawerEnableOpenDragGesture]  bool
 * @property {any} [endDrawerEnableOpenDragGesture]  bool
 * @property {any} [restorationId]  string
 * @property {any} [onDrawerChanged]  action
 * @property {any} [onEndDrawerChanged]  action
 * @property {any} [persistentFooterAlignment]  enum
 *
 * @typedef {object} SelectableTextNode
 * @property {string} type
 * @property {any} [data]  string
 * @property {any} [children]  list<textSpan>
 * @property {any} [style]  textStyle
 * @property {any} [copyWithStyle]  textStyle
 * @property {any} [textAlign]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [textScaler]  number
 * @property {any} [showCursor]  bool
 * @property {any} [autofocus]  bool
 * @property {any} [minLines]  int
 * @property {any} [maxLines]  int
 * @property {any} [cursorWidth]  number
 * @property {any} [cursorHeight]  number
 * @property {any} [cursorRadius]  number
 * @property {any} [cursorColor]  color
 * @property {any} [enableInteractiveSelection]  bool
 * @property {any} [onTap]  action
 * @property {any} [semanticsLabel]  string
 * @property {any} [textWidthBasis]  enum
 * @property {any} [selectionColor]  color
 *
 * @typedef {object} SetValueNode
 * @property {string} type
 * @property {any} [values]  list<setValueEntry>
 * @property {any} [child]  widget
 *
 * @typedef {object} SingleChildScrollViewNode
 * @property {string} type
 * @property {any} [scrollDirection]  enum
 * @property {any} [reverse]  bool
 * @property {any} [padding]  edgeInsets
 * @property {any} [primary]  bool
 * @property {any} [physics]  enum
 * @property {any} [child]  widget
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [clipBehavior]  enum
 * @property {any} [restorationId]  string
 * @property {any} [keyboardDismissBehavior]  enum
 *
 * @typedef {object} SizedBoxNode
 * @property {string} type
 * @property {any} [width]  number
 * @property {any} [height]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} SliderNode
 * @property {string} type
 * @property {any} [id]  string
 * @property {any} [sliderType]  enum
 * @property {any} [value]  number
 * @property {any} [secondaryTrackValue]  number
 * @property {any} [onChanged]  action
 * @property {any} [onChangeStart]  action
 * @property {any} [onChangeEnd]  action
 * @property {any} [min]  number
 * @property {any} [max]  number
 * @property {any} [divisions]  int
 * @property {any} [label]  string
 * @property {any} [activeColor]  color
 * @property {any} [inactiveColor]  color
 * @property {any} [secondaryActiveColor]  color
 * @property {any} [thumbColor]  color
 * @property {any} [overlayColor]  color
 * @property {any} [mouseCursor]  enum
 * @property {any} [autofocus]  bool
 * @property {any} [allowedInteraction]  enum
 *
 * @typedef {object} SliverAppBarNode
 * @property {string} type
 * @property {any} [leading]  widget
 * @property {any} [automaticallyImplyLeading]  bool
 * @property {any} [title]  widget
 * @property {any} [actions]  list<widget>
 * @property {any} [flexibleSpace]  widget
 * @property {any} [bottom]  widget
 * @property {any} [elevation]  number
 * @property {any} [scrolledUnderElevation]  number
 * @property {any} [shadowColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [forceElevated]  bool
 * @property {any} [backgroundColor]  color
 * @property {any} [foregroundColor]  color
 * @property {any} [iconTheme]  iconThemeData
 * @property {any} [actionsIconTheme]  iconThemeData
 * @property {any} [primary]  bool
 * @property {any} [centerTitle]  bool
 * @property {any} [excludeHeaderSemantics]  bool
 * @property {any} [titleSpacing]  number
 * @property {any} [collapsedHeight]  number
 * @property {any} [expandedHeight]  number
 * @property {any} [floating]  bool
 * @property {any} [pinned]  bool
 * @property {any} [snap]  bool
 * @property {any} [stretch]  bool
 * @property {any} [stretchTriggerOffset]  number
 * @property {any} [shape]  shapeBorder
 * @property {any} [toolbarHeight]  number
 * @property {any} [leadingWidth]  number
 * @property {any} [toolbarTextStyle]  textStyle
 * @property {any} [titleTextStyle]  textStyle
 * @property {any} [systemOverlayStyle]  systemUiOverlayStyle
 * @property {any} [forceMaterialTransparency]  bool
 * @property {any} [clipBehavior]  enum
 * @property {any} [actionsPadding]  edgeInsets
 *
 * @typedef {object} SliverFillRemainingNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [hasScrollBody]  bool
 * @property {any} [fillOverscroll]  bool
 *
 * @typedef {object} SliverGridNode
 * @property {string} type
 * @property {any} [crossAxisCount]  int
 * @property {any} [mainAxisSpacing]  number
 * @property {any} [crossAxisSpacing]  number
 * @property {any} [childAspectRatio]  number
 * @property {any} [mainAxisExtent]  number
 * @property {any} [addAutomaticKeepAlives]  bool
 * @property {any} [addRepaintBoundaries]  bool
 * @property {any} [addSemanticIndexes]  bool
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} SliverListNode
 * @property {string} type
 * @property {any} [children]  list<widget>
 * @property {any} [addAutomaticKeepAlives]  bool
 * @property {any} [addRepaintBoundaries]  bool
 * @property {any} [addSemanticIndexes]  bool
 * @property {any} [semanticIndexOffset]  int
 *
 * @typedef {object} SliverOpacityNode
 * @property {string} type
 * @property {any} [opacity]  number
 * @property {any} [alwaysIncludeSemantics]  bool
 * @property {any} [sliver]  widget
 *
 * @typedef {object} SliverPaddingNode
 * @property {string} type
 * @property {any} [padding]  edgeInsets
 * @property {any} [sliver]  widget
 *
 * @typedef {object} SliverSafeAreaNode
 * @property {string} type
 * @property {any} [left]  bool
 * @property {any} [top]  bool
 * @property {any} [right]  bool
 * @property {any} [bottom]  bool
 * @property {any} [minimum]  edgeInsets
 * @property {any} [sliver]  widget
 *
 * @typedef {object} SliverToBoxAdapterNode
 * @property {string} type
 * @property {any} [child]  widget
 *
 * @typedef {object} SliverVisibilityNode
 * @property {string} type
 * @property {any} [sliver]  widget
 * @property {any} [replacementSliver]  widget
 * @property {any} [visible]  bool
 * @property {any} [maintainState]  bool
 * @property {any} [maintainAnimation]  bool
 * @property {any} [maintainSize]  bool
 * @property {any} [maintainSemantics]  bool
 * @property {any} [maintainInteractivity]  bool
 *
 * @typedef {object} SpacerNode
 * @property {string} type
 * @property {any} [flex]  int
 *
 * @typedef {object} StackNode
 * @property {string} type
 * @property {any} [alignment]  enum
 * @property {any} [clipBehavior]  enum
 * @property {any} [fit]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} SwitchNode
 * @property {string} type
 * @property {any} [switchType]  enum
 * @property {any} [value]  bool
 * @property {any} [onChanged]  action
 * @property {any} [autofocus]  bool
 * @property {any} [activeColor]  color
 * @property {any} [activeTrackColor]  color
 * @property {any} [focusColor]  color
 * @property {any} [hoverColor]  color
 * @property {any} [inactiveThumbColor]  color
 * @property {any} [inactiveTrackColor]  color
 * @property {any} [onLabelColor]  color
 * @property {any} [offLabelColor]  color
 * @property {any} [splashRadius]  number
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [overlayColor]  materialColor
 * @property {any} [thumbColor]  materialColor
 * @property {any} [trackColor]  materialColor
 * @property {any} [materialTapTargetSize]  enum
 * @property {any} [trackOutlineColor]  materialColor
 * @property {any} [trackOutlineWidth]  number
 * @property {any} [thumbIcon]  widget
 * @property {any} [inactiveThumbImage]  string
 * @property {any} [activeThumbImage]  string
 * @property {any} [applyTheme]  bool
 * @property {any} [applyCupertinoTheme]  bool
 * @property {any} [activeThumbColor]  color
 *
 * @typedef {object} TabNode
 * @property {string} type
 * @property {any} [text]  string
 * @property {any} [icon]  widget
 * @property {any} [iconMargin]  edgeInsets
 * @property {any} [height]  number
 * @property {any} [child]  widget
 *
 * @typedef {object} TabBarNode
 * @property {string} type
 * @property {any} [tabs]  list<widget>
 * @property {any} [initialIndex]  int
 * @property {any} [isScrollable]  bool
 * @property {any} [padding]  edgeInsets
 * @property {any} [indicatorColor]  color
 * @property {any} [automaticIndicatorColorAdjustment]  bool
 * @property {any} [indicatorWeight]  number
 * @property {any} [indicatorPadding]  edgeInsets
 * @property {any} [indicatorSize]  enum
 * @property {any} [labelColor]  color
 * @property {any} [labelStyle]  textStyle
 * @property {any} [labelPadding]  edgeInsets
 * @property {any} [unselectedLabelColor]  color
 * @property {any} [unselectedLabelStyle]  textStyle
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [enableFeedback]  bool
 * @property {any} [physics]  enum
 * @property {any} [tabAlignment]  enum
 * @property {any} [dividerColor]  color
 * @property {any} [dividerHeight]  double
 * @property {any} [indicator]  boxDecoration
 *
 * @typedef {object} TabBarViewNode
 * @property {string} type
 * @property {any} [children]  list<widget>
 * @property {any} [initialIndex]  int
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [physics]  enum
 * @property {any} [viewportFraction]  number
 * @property {any} [clipBehavior]  enum
 *
 * @typedef {object} TableNode
 * @property {string} type
 * @property {any} [children]  list<tableRow>
 * @property {any} [columnWidths]  map<int,tableColumnWidth>
 * @property {any} [defaultColumnWidth]  tableColumnWidth
 * @property {any} [textDirection]  enum
 * @property {any} [border]  tableBorder
 * @property {any} [defaultVerticalAlignment]  enum
 * @property {any} [textBaseline]  enum
 *
 * @typedef {object} TableCellNode
 * @property {string} type
 * @property {any} [verticalAlignment]  enum
 * @property {any} [child]  widget
 *
 * @typedef {object} TextNode
 * @property {string} type
 * @property {any} [data]  string
 * @property {any} [children]  list<textSpan>
 * @property {any} [style]  textStyle
 * @property {any} [textAlign]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [softWrap]  bool
 * @property {any} [overflow]  enum
 * @property {any} [textScaleFactor]  number
 * @property {any} [maxLines]  int
 * @property {any} [semanticsLabel]  string
 * @property {any} [textWidthBasis]  enum
 * @property {any} [selectionColor]  color
 * @property {any} [copyWithStyle]  textStyle
 *
 * @typedef {object} TextButtonNode
 * @property {string} type
 * @property {any} [onPressed]  action
 * @property {any} [onLongPress]  action
 * @property {any} [onHover]  action
 * @property {any} [onFocusChange]  action
 * @property {any} [style]  buttonStyle
 * @property {any} [autofocus]  bool
 * @property {any} [clipBehavior]  enum
 * @property {any} [isSemanticButton]  bool
 * @property {any} [child]  widget
 *
 * @typedef {object} TextFieldNode
 * @property {string} type
 * @property {any} [decoration]  inputDecoration
 * @property {any} [initialValue]  string
 * @property {any} [keyboardType]  enum
 * @property {any} [textInputAction]  enum
 * @property {any} [textCapitalization]  enum
 * @property {any} [style]  textStyle
 * @property {any} [textAlign]  enum
 * @property {any} [textAlignVertical]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [readOnly]  bool
 * @property {any} [showCursor]  bool
 * @property {any} [expands]  bool
 * @property {any} [autofocus]  bool
 * @property {any} [obscuringCharacter]  string
 * @property {any} [maxLines]  int
 * @property {any} [minLines]  int
 * @property {any} [maxLength]  int
 * @property {any} [obscureText]  bool
 * @property {any} [enableSuggestions]  bool
 * @property {any} [enabled]  bool
 * @property {any} [cursorWidth]  number
 * @property {any} [cursorHeight]  number
 * @property {any} [cursorColor]  color
 * @property {any} [hintText]  string
 * @property {any} [inputFormatters]  list<inputFormatter>
 * @property {any} [autocorrect]  bool
 * @property {any} [scrollPadding]  edgeInsets
 * @property {any} [enableInteractiveSelection]  bool
 * @property {any} [mouseCursor]  enum
 * @property {any} [dragStartBehavior]  enum
 * @property {any} [scrollPhysics]  enum
 * @property {any} [restorationId]  string
 * @property {any} [clipBehavior]  enum
 * @property {any} [autofillHints]  list<string>
 * @property {any} [onTap]  action
 * @property {any} [onChanged]  action
 * @property {any} [onEditingComplete]  action
 * @property {any} [onSubmitted]  action
 *
 * @typedef {object} TextFormFieldNode
 * @property {string} type
 * @property {any} [id]  string
 * @property {any} [compareId]  string
 * @property {any} [decoration]  inputDecoration
 * @property {any} [initialValue]  string
 * @property {any} [keyboardType]  enum
 * @property {any} [textInputAction]  enum
 * @property {any} [textCapitalization]  enum
 * @property {any} [style]  textStyle
 * @property {any} [textAlign]  enum
 * @property {any} [textAlignVertical]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [readOnly]  bool
 * @property {any} [showCursor]  bool
 * @property {any} [autofocus]  bool
 * @property {any} [obscuringCharacter]  string
 * @property {any} [maxLines]  int
 * @property {any} [minLines]  int
 * @property {any} [maxLength]  int
 * @property {any} [obscureText]  bool
 * @property {any} [autocorrect]  bool
 * @property {any} [smartDashesType]  enum
 * @property {any} [smartQuotesType]  enum
 * @property {any} [maxLengthEnforcement]  enum
 * @property {any} [expands]  bool
 * @property {any} [keyboardAppearance]  enum
 * @property {any} [scrollPadding]  edgeInsets
 * @property {any} [restorationId]  string
 * @property {any} [enableIMEPersonalizedLearning]  bool
 * @property {any} [enableSuggestions]  bool
 * @property {any} [enabled]  bool
 * @property {any} [cursorWidth]  number
 * @property {any} [cursorHeight]  number
 * @property {any} [cursorColor]  color
 * @property {any} [hintText]  string
 * @property {any} [autovalidateMode]  enum
 * @property {any} [inputFormatters]  list<inputFormatter>
 * @property {any} [validatorRules]  list<formFieldValidator>
 *
 * @typedef {object} TooltipNode
 * @property {string} type
 * @property {any} [message]  string
 * @property {any} [richMessage]  textSpan
 * @property {any} [constraints]  boxConstraints
 * @property {any} [padding]  edgeInsets
 * @property {any} [margin]  edgeInsets
 * @property {any} [verticalOffset]  number
 * @property {any} [preferBelow]  bool
 * @property {any} [excludeFromSemantics]  bool
 * @property {any} [decoration]  boxDecoration
 * @property {any} [textStyle]  textStyle
 * @property {any} [textAlign]  enum
 * @property {any} [waitDuration]  duration
 * @property {any} [showDuration]  duration
 * @property {any} [exitDuration]  duration
 * @property {any} [enableTapToDismiss]  bool
 * @property {any} [triggerMode]  enum
 * @property {any} [enableFeedback]  bool
 * @property {any} [child]  widget
 *
 * @typedef {object} VerticalDividerNode
 * @property {string} type
 * @property {any} [width]  number
 * @property {any} [thickness]  number
 * @property {any} [indent]  number
 * @property {any} [endIndent]  number
 * @property {any} [color]  color
 *
 * @typedef {object} VisibilityNode
 * @property {string} type
 * @property {any} [child]  widget
 * @property {any} [visible]  bool
 * @property {any} [maintainState]  bool
 * @property {any} [maintainAnimation]  bool
 * @property {any} [maintainSize]  bool
 * @property {any} [maintainSemantics]  bool
 * @property {any} [maintainInteractivity]  bool
 * @property {any} [replacement]  widget
 *
 * @typedef {object} WebViewNode
 * @property {string} type
 * @property {any} [url]  string
 * @property {any} [javaScriptMode]  enum
 * @property {any} [backgroundColor]  color
 * @property {any} [userAgent]  string
 * @property {any} [enableZoom]  bool
 * @property {any} [layoutDirection]  enum
 *
 * @typedef {object} WrapNode
 * @property {string} type
 * @property {any} [direction]  enum
 * @property {any} [alignment]  enum
 * @property {any} [spacing]  number
 * @property {any} [runAlignment]  enum
 * @property {any} [runSpacing]  number
 * @property {any} [crossAxisAlignment]  enum
 * @property {any} [textDirection]  enum
 * @property {any} [verticalDirection]  enum
 * @property {any} [clipBehavior]  enum
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} NavigationBarNode
 * @property {string} type
 * @property {any} [destinations]  list<navigationDestination>
 * @property {any} [animationDuration]  duration
 * @property {any} [selectedIndex]  int
 * @property {any} [backgroundColor]  color
 * @property {any} [elevation]  number
 * @property {any} [shadowColor]  color
 * @property {any} [surfaceTintColor]  color
 * @property {any} [indicatorColor]  color
 * @property {any} [indicatorShape]  border
 * @property {any} [height]  number
 * @property {any} [labelBehavior]  enum
 * @property {any} [labelTextStyle]  textStyle
 * @property {any} [labelPadding]  edgeInsets
 * @property {any} [maintainBottomViewPadding]  bool
 *
 * @typedef {object} NavigationViewNode
 * @property {string} type
 * @property {any} [children]  list<widget>
 *
 * @typedef {object} DefaultNavigationControllerNode
 * @property {string} type
 * @property {any} [length]  int
 * @property {any} [initialIndex]  int
 * @property {any} [child]  widget
 *
 * @typedef {object} IntrinsicHeightNode
 * @property {string} type
 * @property {any} [child]  widget
 *
 * @typedef {object} IntrinsicWidthNode
 * @property {string} type
 * @property {any} [child]  widget
 *
 * @typedef {object} OffstageNode
 * @property {string} type
 * @property {any} [offstage]  bool
 * @property {any} [child]  widget
 *
 * @typedef {object} SliverOffstageNode
 * @property {string} type
 * @property {any} [offstage]  bool
 * @property {any} [sliver]  widget
 *
 * @typedef {object} DynamicDataProviderNode
 * @property {string} type
 * @property {any} [id]  string
 * @property {any} [request]  networkRequest
 * @property {any} [child]  widget
 * @property {any} [targetPath]  string
 * @property {any} [loaderWidget]  widget
 * @property {any} [errorWidget]  widget
 *
 * @typedef {object} TemplateBuilderNode
 * @property {string} type
 * @property {any} [data]  list<any>
 * @property {any} [providerId]  string
 * @property {any} [dataPath]  string
 * @property {any} [itemTemplate]  widget
 * @property {any} [child]  widget
 * @property {any} [emptyWidget]  widget
 *
 * @typedef {object} MiniProgramBackendBuilderNode
 * @property {string} type
 * @property {any} [requestId]  string
 * @property {any} [endpoint]  string
 * @property {any} [method]  string
 * @property {any} [body]  map
 * @property {any} [cacheTtlSeconds]  int
 * @property {any} [forceRefresh]  bool
 * @property {any} [loading]  widget
 * @property {any} [error]  widget
 * @property {any} [child]  widget
 * @property {any} [empty]  widget
 * @property {any} [itemTemplate]  widget
 * @property {any} [itemsPath]  string
 *
 * @typedef {object} MiniProgramAuthBuilderNode
 * @property {string} type
 * @property {any} [loading]  widget
 * @property {any} [signedOut]  widget
 * @property {any} [signedIn]  widget
 * @property {any} [error]  widget
 *
 * @typedef {object} DelayAction
 * @property {string} actionType
 * @property {any} [milliseconds]  int
 *
 * @typedef {object} GetFormValueAction
 * @property {string} actionType
 * @property {any} [id]  string
 *
 * @typedef {object} MultiActionAction
 * @property {string} actionType
 * @property {any} [actions]  list<action>
 * @property {any} [sync]  bool
 *
 * @typedef {object} NavigateAction
 * @property {string} actionType
 * @property {any} [request]  networkRequest
 * @property {any} [widgetJson]  widget
 * @property {any} [assetPath]  string
 * @property {any} [routeName]  string
 * @property {any} [navigationStyle]  enum
 * @property {any} [result]  map
 * @property {any} [arguments]  map
 * @property {any} [path]  string
 * @property {any} [stacRoute]  string
 * @property {any} [pathParameters]  map
 * @property {any} [queryParameters]  map
 * @property {any} [extra]  map
 *
 * @typedef {object} NetworkRequestAction
 * @property {string} actionType
 * @property {any} [url]  string
 * @property {any} [method]  enum
 * @property {any} [queryParameters]  map
 * @property {any} [headers]  map
 * @property {any} [contentType]  string
 * @property {any} [body]  any
 * @property {any} [results]  list<networkResult>
 *
 * @typedef {object} NoneAction
 * @property {string} actionType
 *
 * @typedef {object} SetValueAction
 * @property {string} actionType
 * @property {any} [values]  list<setValueEntry>
 * @property {any} [action]  action
 *
 * @typedef {object} ShowDialogAction
 * @property {string} actionType
 * @property {any} [widget]  widget
 * @property {any} [request]  networkRequest
 * @property {any} [assetPath]  string
 * @property {any} [barrierDismissible]  bool
 * @property {any} [barrierColor]  color
 * @property {any} [barrierLabel]  string
 * @property {any} [useSafeArea]  bool
 * @property {any} [traversalEdgeBehavior]  enum
 *
 * @typedef {object} ShowModalBottomSheetAction
 * @property {string} actionType
 * @property {any} [widget]  widget
 * @property {any} [request]  networkRequest
 * @property {any} [assetPath]  string
 * @property {any} [backgroundColor]  color
 * @property {any} [barrierLabel]  string
 * @property {any} [elevation]  double
 * @property {any} [shape]  border
 * @property {any} [constraints]  boxConstraints
 * @property {any} [barrierColor]  color
 * @property {any} [isScrollControlled]  bool
 * @property {any} [useRootNavigator]  bool
 * @property {any} [isDismissible]  bool
 * @property {any} [enableDrag]  bool
 * @property {any} [showDragHandle]  bool
 * @property {any} [useSafeArea]  bool
 *
 * @typedef {object} ShowSnackBarAction
 * @property {string} actionType
 * @property {any} [content]  widget
 * @property {any} [backgroundColor]  color
 * @property {any} [elevation]  double
 * @property {any} [margin]  edgeInsets
 * @property {any} [padding]  edgeInsets
 * @property {any} [width]  double
 * @property {any} [shape]  shapeBorder
 * @property {any} [hitTestBehavior]  enum
 * @property {any} [behavior]  enum
 * @property {any} [action]  snackBarAction
 * @property {any} [actionOverflowThreshold]  double
 * @property {any} [showCloseIcon]  bool
 * @property {any} [closeIconColor]  color
 * @property {any} [duration]  duration
 * @property {any} [onVisible]  action
 * @property {any} [dismissDirection]  enum
 * @property {any} [clipBehavior]  enum
 *
 * @typedef {object} ValidateFormAction
 * @property {string} actionType
 * @property {any} [isValid]  action
 * @property {any} [isNotValid]  action
 *
 * @typedef {object} PopAction
 * @property {string} actionType
 * @property {any} [result]  map
 *
 * @typedef {object} HostActionAction
 * @property {string} actionType
 * @property {any} [action]  string
 * @property {any} [requestId]  string
 * @property {any} [payload]  map
 *
 * @typedef {object} MiniProgramNavigationAction
 * @property {string} actionType
 * @property {any} [action]  string
 * @property {any} [requestId]  string
 * @property {any} [payload]  map
 *
 * @typedef {object} MiniProgramBackendAction
 * @property {string} actionType
 * @property {any} [endpoint]  string
 * @property {any} [requestId]  string
 * @property {any} [method]  string
 * @property {any} [body]  map
 * @property {any} [cacheTtlSeconds]  int
 *
 * @typedef {object} MiniProgramBackendQueryAction
 * @property {string} actionType
 * @property {any} [requestId]  string
 * @property {any} [endpoint]  string
 * @property {any} [method]  string
 * @property {any} [body]  map
 * @property {any} [cacheTtlSeconds]  int
 * @property {any} [forceRefresh]  bool
 *
 * @typedef {object} MiniProgramAuthAction
 * @property {string} actionType
 * @property {any} [action]  string
 * @property {any} [mode]  string
 *
 * @typedef {object} Nodes  by type
 * @property {AlertDialogNode} alertDialog
 * @property {AlignNode} align
 * @property {AppBarNode} appBar
 * @property {AspectRatioNode} aspectRatio
 * @property {AutocompleteNode} autocomplete
 * @property {BackdropFilterNode} backdropFilter
 * @property {BadgeNode} badge
 * @property {BottomNavigationBarNode} bottomNavigationBar
 * @property {BottomNavigationViewNode} bottomNavigationView
 * @property {CardNode} card
 * @property {CarouselViewNode} carouselView
 * @property {CenterNode} center
 * @property {CheckBoxNode} checkBox
 * @property {ChipNode} chip
 * @property {CircleAvatarNode} circleAvatar
 * @property {CircularProgressIndicatorNode} circularProgressIndicator
 * @property {ClipOvalNode} clipOval
 * @property {ClipRRectNode} clipRRect
 * @property {ColoredBoxNode} coloredBox
 * @property {ColumnNode} column
 * @property {ConditionalNode} conditional
 * @property {ContainerNode} container
 * @property {CustomScrollViewNode} customScrollView
 * @property {DefaultBottomNavigationControllerNode} defaultBottomNavigationController
 * @property {DefaultTabControllerNode} defaultTabController
 * @property {DividerNode} divider
 * @property {DrawerNode} drawer
 * @property {DropdownMenuNode} dropdownMenu
 * @property {DynamicViewNode} dynamicView
 * @property {ElevatedButtonNode} elevatedButton
 * @property {ExpandedNode} expanded
 * @property {FilledButtonNode} filledButton
 * @property {FittedBoxNode} fittedBox
 * @property {FlexibleNode} flexible
 * @property {FloatingActionButtonNode} floatingActionButton
 * @property {FormNode} form
 * @property {FractionallySizedBoxNode} fractionallySizedBox
 * @property {GestureDetectorNode} gestureDetector
 * @property {GridViewNode} gridView
 * @property {HeroNode} hero
 * @property {IconNode} icon
 * @property {IconButtonNode} iconButton
 * @property {ImageNode} image
 * @property {InkWellNode} inkWell
 * @property {LimitedBoxNode} limitedBox
 * @property {LinearProgressIndicatorNode} linearProgressIndicator
 * @property {ListTileNode} listTile
 * @property {ListViewNode} listView
 * @property {NetworkWidgetNode} networkWidget
 * @property {OpacityNode} opacity
 * @property {OutlinedButtonNode} outlinedButton
 * @property {PaddingNode} padding
 * @property {PageViewNode} pageView
 * @property {PlaceholderNode} placeholder
 * @property {PositionedNode} positioned
 * @property {RadioNode} radio
 * @property {RadioGroupNode} radioGroup
 * @property {RefreshIndicatorNode} refreshIndicator
 * @property {RowNode} row
 * @property {SafeAreaNode} safeArea
 * @property {ScaffoldNode} scaffold
 * @property {SelectableTextNode} selectableText
 * @property {SetValueNode} setValue
 * @property {SingleChildScrollViewNode} singleChildScrollView
 * @property {SizedBoxNode} sizedBox
 * @property {SliderNode} slider
 * @property {SliverAppBarNode} sliverAppBar
 * @property {SliverFillRemainingNode} sliverFillRemaining
 * @property {SliverGridNode} sliverGrid
 * @property {SliverListNode} sliverList
 * @property {SliverOpacityNode} sliverOpacity
 * @property {SliverPaddingNode} sliverPadding
 * @property {SliverSafeAreaNode} sliverSafeArea
 * @property {SliverToBoxAdapterNode} sliverToBoxAdapter
 * @property {SliverVisibilityNode} sliverVisibility
 * @property {SpacerNode} spacer
 * @property {StackNode} stack
 * @property {SwitchNode} switch
 * @property {TabNode} tab
 * @property {TabBarNode} tabBar
 * @property {TabBarViewNode} tabBarView
 * @property {TableNode} table
 * @property {TableCellNode} tableCell
 * @property {TextNode} text
 * @property {TextButtonNode} textButton
 * @property {TextFieldNode} textField
 * @property {TextFormFieldNode} textFormField
 * @property {TooltipNode} tooltip
 * @property {VerticalDividerNode} verticalDivider
 * @property {VisibilityNode} visibility
 * @property {WebViewNode} webView
 * @property {WrapNode} wrap
 * @property {NavigationBarNode} navigationBar
 * @property {NavigationViewNode} navigationView
 * @property {DefaultNavigationControllerNode} defaultNavigationController
 * @property {IntrinsicHeightNode} intrinsicHeight
 * @property {IntrinsicWidthNode} intrinsicWidth
 * @property {OffstageNode} offstage
 * @property {SliverOffstageNode} sliverOffstage
 * @property {DynamicDataProviderNode} dynamicDataProvider
 * @property {TemplateBuilderNode} templateBuilder
 * @property {MiniProgramBackendBuilderNode} miniProgramBackendBuilder
 * @property {MiniProgramAuthBuilderNode} miniProgramAuthBuilder
 *
 * @typedef {object} Actions  by type
 * @property {DelayAction} delay
 * @property {GetFormValueAction} getFormValue
 * @property {MultiActionAction} multiAction
 * @property {NavigateAction} navigate
 * @property {NetworkRequestAction} networkRequest
 * @property {NoneAction} none
 * @property {SetValueAction} setValue
 * @property {ShowDialogAction} showDialog
 * @property {ShowModalBottomSheetAction} showModalBottomSheet
 * @property {ShowSnackBarAction} showSnackBar
 * @property {ValidateFormAction} validateForm
 * @property {PopAction} pop
 * @property {HostActionAction} hostAction
 * @property {MiniProgramNavigationAction} miniProgramNavigation
 * @property {MiniProgramBackendAction} miniProgramBackend
 * @property {MiniProgramBackendQueryAction} miniProgramBackendQuery
 * @property {MiniProgramAuthAction} miniProgramAuth
 */
export {};
